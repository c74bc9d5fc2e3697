import type { CompareInput, Comparison, StockMark } from '@widget-store/contract';
import { holdAnomaly, stockAnomaly } from './detectStock';
import type { ReconcileDeps } from './deps';
import { maxPerKind, summarize } from './summarize';

/** How many orders a comparison audits. With one comparison a minute, auditing a million orders takes 100 minutes. */
const slice = 10_000;
/**
 * The maximum length of each list: one more than the summary keeps of each kind. If a full list has only one kind, its
 * count in `found` is therefore greater than the number of anomalies in the summary.
 */
const limit = maxPerKind + 1;

/**
 * Compares inventory with stock movements, and movements with the orders that caused them. No grace period is needed,
 * because one statement changes both an order and its stock. A snapshot therefore never contains only half of a change.
 */
export async function compareStock(
  { store }: Pick<ReconcileDeps, 'store'>,
  { mark }: CompareInput<StockMark>,
): Promise<Comparison<StockMark>> {
  const products = await store.listStockMismatches({ limit });
  const { auditedUntil: after, orderIds: again } = mark ?? { auditedUntil: 0, orderIds: [] };
  const { mismatches: holds, auditedUntil } = await store.auditHolds({ after, orderIds: again, slice, limit });
  const { anomalies, found } = summarize([...products.map(stockAnomaly), ...holds.map(holdAnomaly)]);
  const orderIds = [...new Set(anomalies.flatMap(({ orderId }) => orderId ?? []))];
  return { anomalies, found, mark: { auditedUntil, orderIds } };
}
