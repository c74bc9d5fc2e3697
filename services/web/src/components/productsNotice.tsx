import { errorText, staleText } from '../failureTexts.js';
import { useIsPlacingOrder } from '../queries.js';
import { Notice } from './notice.js';

interface ProductsNoticeProps {
  /** The query for the products that the page shows. */
  query: { error: unknown; failureReason: unknown; dataUpdatedAt: number };
}

/**
 * Warns that prices and stock are possibly outdated. Shows no warning while a checkout runs, because `Purchase` then
 * shows its own notice.
 */
export function ProductsNotice({ query: { error, failureReason, dataUpdatedAt } }: ProductsNoticeProps) {
  const isPlacingOrder = useIsPlacingOrder();
  return (
    <>
      <Notice tone="warning">{isPlacingOrder ? null : staleText({ failureReason, dataUpdatedAt })}</Notice>
      <Notice tone="error">{errorText(error)}</Notice>
    </>
  );
}
