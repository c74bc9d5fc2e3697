import { finalText, staleText } from '../failureTexts.js';
import { useIsOrdering, useProducts } from '../queries.js';
import { Notice } from './notice.js';

/** Why prices and stock may be old. A checkout that is being asked for says itself what it waits for. */
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
