import { errorText, staleText } from '../failureTexts.js';
import { useIsPlacingOrder, useProducts } from '../queries.js';
import { Notice } from './notice.js';

/** Says why prices and stock may be outdated. While a checkout runs, `Purchase` shows the same failure. */
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
