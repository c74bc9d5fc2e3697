import type { Evidence, Movement, OrderRecord, Snapshot } from '../evidence';
import { type Anomaly, breaking, groupedBy } from './anomaly';

/** The longest time that a statement without an answer may have run: its timeout, and the longest pause of Postgres. */
const longestStatementMs = 35_000;

/** An inventory of a product, and the time in which it may have had it. */
interface Period {
  inventory: number;
  fromMs: number;
  toMs: number;
}

/**
 * I8: an order that was refused as sold out was placed when one of its products may have had too little. The movements of a
 * product, in the order of its lock, give every inventory that it had; the snapshots bound the times. An operation with an
 * unknown outcome has a movement or has none, so nothing is guessed.
 */
export function judgeSoldOut({
  database,
  operations,
  snapshots,
}: Pick<Evidence, 'database' | 'operations' | 'snapshots'>): Anomaly[] {
  const movementsOf = groupedBy(database.movements, ({ productId }) => productId);
  const snapshotsOf = groupedBy(snapshots, ({ productId }) => productId);
  const periodsOf = new Map(
    [...movementsOf].map(([productId, movements]) => [productId, periods(movements, snapshotsOf.get(productId) ?? [])]),
  );
  const itemsOf = groupedBy(database.items, ({ orderId }) => orderId);
  const answeredMs = new Map<string, number>();
  for (const { request, response, endMs } of operations) {
    if (response.code !== 'checkout_failed' || request.key === undefined) continue;
    answeredMs.set(request.key, Math.min(endMs, answeredMs.get(request.key) ?? Infinity));
  }
  const wrongly = database.orders
    .filter(({ cancelReason }) => cancelReason === 'sold_out')
    .filter((order) => {
      const decided = decisionOf(order, answeredMs.get(order.key) ?? Infinity);
      const items = itemsOf.get(order.orderId) ?? [];
      return !items.some(({ productId, quantity }) =>
        (periodsOf.get(productId) ?? []).some(
          ({ inventory, fromMs, toMs }) => inventory < quantity && fromMs <= decided.toMs && decided.fromMs <= toMs,
        ),
      );
    });
  return breaking(
    'I8',
    wrongly.map(({ orderId, key }) => `${orderId} of ${key} was sold out although there was enough of everything`),
  );
}

/** The database records the start of a statement. It ended before its answer. */
function decisionOf({ createdAt }: OrderRecord, answeredMs: number): { fromMs: number; toMs: number } {
  const fromMs = Date.parse(createdAt);
  return { fromMs, toMs: Math.min(answeredMs, fromMs + longestStatementMs) };
}

/**
 * An inventory starts no earlier than its movement's statement and the last snapshot without it. It ends no later than the first
 * snapshot with the next movement.
 *
 * @param movements of one product
 * @param snapshots of the same product, in the order of time
 */
function periods(movements: Movement[], snapshots: Snapshot[]): Period[] {
  let inventory = 0;
  let unseen = 0;
  const beginnings = movements.map(({ movementId, quantity, createdAt }) => {
    inventory += quantity;
    while ((snapshots[unseen]?.lastMovementId ?? Infinity) < movementId) unseen += 1;
    const earliestMs = Math.max(Date.parse(createdAt), snapshots[unseen - 1]?.startMs ?? 0);
    return { inventory, earliestMs, latestMs: snapshots[unseen]?.endMs ?? Infinity };
  });
  return beginnings.map(({ inventory: had, earliestMs }, index) => ({
    inventory: had,
    fromMs: earliestMs,
    toMs: beginnings[index + 1]?.latestMs ?? Infinity,
  }));
}
