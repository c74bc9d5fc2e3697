import { finalText, staleText } from '../failureTexts.js';
import { useIsOrdering, useProducts } from '../queries.js';
import { Notice } from './notice.js';

/** Says why prices and stock may be outdated. While a checkout runs, `Purchase` shows the same failure. */
export function ProductsNotice() {
  const { error, failureReason, dataUpdatedAt } = useProducts();
  const isOrdering = useIsOrdering();
  return (
    <>
      <Notice tone="warning">{isOrdering ? null : staleText({ failureReason, dataUpdatedAt })}</Notice>
      <Notice tone="error">{finalText(error)}</Notice>
    </>
  );
}
