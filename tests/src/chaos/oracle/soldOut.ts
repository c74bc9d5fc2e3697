import type { Evidence, Movement, OrderRecord, Snapshot } from '../evidence';
import { type Anomaly, breaking, groupedBy } from './anomaly';

/**
 * The longest time that a statement without an answer may have run: the sum of the statement timeout and the longest
 * pause of Postgres.
 */
const longestStatementMs = 35_000;

/** An inventory of a product, and the time in which the product may have had this inventory. */
interface Period {
  inventory: number;
  fromMs: number;
  toMs: number;
}

/**
 * I8: an order is refused as sold out only at a time when one of its products may have had too little stock. The row
 * lock of a product serialises its movements, so their running sum gives every inventory that the product had. The
 * snapshots limit the period of each inventory. The database contains the movements of all operations that took effect,
 * so operations with an unknown outcome need no special treatment.
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
    wrongly.map(({ orderId, key }) => `${orderId} of ${key} was sold out although there was enough of every product`),
  );
}

/**
 * Returns the period in which the store found that it could not reserve the stock for an order. The period starts with
 * the order's `createdAt`, which is the start of the statement that wrote the order. The period ends with the answer,
 * or after `longestStatementMs` if that is earlier.
 */
function decisionOf({ createdAt }: OrderRecord, answeredMs: number): { fromMs: number; toMs: number } {
  const fromMs = Date.parse(createdAt);
  return { fromMs, toMs: Math.min(answeredMs, fromMs + longestStatementMs) };
}

/**
 * Returns the period of each inventory. Each movement leads to a new inventory. The period of this inventory starts no
 * earlier than the statement that wrote the movement, and no earlier than the last snapshot without the movement. The
 * period ends no later than the first snapshot with the next movement.
 *
 * @param movements the movements of one product
 * @param snapshots the snapshots of the same product, in the order of time
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
