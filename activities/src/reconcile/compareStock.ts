import type { CompareInput, Comparison, StockMark } from '@widget-store/contract';
import { createAnomalyList, mostOfAKind } from './anomalyList';
import { judgeHold, judgeStock } from './judgeStock';
import type { ReconcileDeps } from './reconcileDeps';

/** Orders that one comparison audits: a million of them take it an hour and a half, at one comparison a minute. */
const slice = 10_000;
/** One more than are kept, so that a full list says so. */
const limit = mostOfAKind + 1;

/**
 * Compares inventory with stock movements, and these with the orders that made them. Each statement sees one moment and
 * each effect is one statement, so there is nothing in flight and no grace.
 */
export async function compareStock(
  { store }: Pick<ReconcileDeps, 'store'>,
  { mark }: CompareInput<StockMark>,
): Promise<Comparison<StockMark>> {
  const { anomalies, found, add } = createAnomalyList();
  const mismatches = await store.listStockMismatches({ limit });
  for (const mismatch of mismatches) add(judgeStock(mismatch));

  const { auditedUntil: after, orderIds: again } = mark ?? { auditedUntil: 0, orderIds: [] };
  const holds = await store.auditHolds({ after, orderIds: again, slice, limit });
  for (const mismatch of holds.mismatches) add(judgeHold(mismatch));
  const orderIds = [...new Set(anomalies.flatMap(({ orderId }) => (orderId === undefined ? [] : [orderId])))];
  return { anomalies, found, mark: { auditedUntil: holds.auditedUntil, orderIds } };
}
