import { errorText, staleText } from '../failureTexts.js';
import { useIsPlacingOrder, useProducts } from '../queries.js';
import { Notice } from './notice.js';

/** Says that prices and stock are possibly outdated. While a checkout runs, only `Purchase` shows the failure. */
export function ProductsNotice() {
  const { error, failureReason, dataUpdatedAt } = useProducts();
  const isPlacingOrder = useIsPlacingOrder();
  return (
    <>
      <Notice tone="warning">{isPlacingOrder ? null : staleText({ failureReason, dataUpdatedAt })}</Notice>
      <Notice tone="error">{errorText(error)}</Notice>
    </>
  );
}
