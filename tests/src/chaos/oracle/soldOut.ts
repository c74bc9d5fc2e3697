import type { Evidence, Movement, OrderRecord, Snapshot } from '../evidence';
import { type Anomaly, breaking, groupedBy } from './anomaly';

/** How long a statement may have run when nobody learnt its answer: what it is allowed, and as long as Postgres is paused. */
const longestStatementMs = 35_000;

/** An inventory, and when it may have been the product's. */
interface Period {
  inventory: number;
  fromMs: number;
  toMs: number;
}

/**
 * I8, a counter model: the movements of a product, in the order in which they were made under its lock, are every inventory it
 * ever had; the snapshots tell from when to when. An answer of unknown outcome has a movement or has none, so nothing is
 * guessed. An order that was refused as sold out was placed at a moment at which one of its products may have had too little.
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

/** The database's time of a statement is that of its beginning; it ended before anybody was answered. */
function decisionOf({ createdAt }: OrderRecord, answeredMs: number): { fromMs: number; toMs: number } {
  const fromMs = Date.parse(createdAt);
  return { fromMs, toMs: Math.min(answeredMs, fromMs + longestStatementMs) };
}

/**
 * An inventory begins at the earliest with its movement's statement, or after the last snapshot that has not seen it; it ends at
 * the latest before the first snapshot that has seen the next movement.
 *
 * @param movements of one product
 * @param snapshots of the same one, in the order of time
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
