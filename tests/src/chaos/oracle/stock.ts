import type { Evidence, Movement } from '../evidence';
import { type Anomaly, breaking, groupedBy } from './anomaly';

/**
 * I1: at the end and in every snapshot, the movements of each product add up to its inventory, which is never negative.
 * At the end, the movements of each order also hold the right number of units.
 */
export function judgeStock({ database, snapshots }: Pick<Evidence, 'database' | 'snapshots'>): Anomaly[] {
  const movementsOf = groupedBy(database.movements, ({ productId }) => productId);
  const atTheEnd = database.products.map(({ productId, inventory }) => ({
    productId,
    inventory,
    moved: sum(movementsOf.get(productId) ?? []),
    when: 'at the end',
  }));
  const meanwhile = snapshots.map((snapshot) => ({
    ...snapshot,
    when: `at ${new Date(snapshot.startMs).toISOString()}`,
  }));
  const wrong = [...atTheEnd, ...meanwhile].filter(({ inventory, moved }) => inventory !== moved || inventory < 0);
  return breaking('I1', [
    ...wrong.map(
      ({ productId, inventory, moved, when }) =>
        `product ${productId} has ${inventory} ${when}, and its movements add up to ${moved}`,
    ),
    ...wrongHolds(database),
  ]);
}

/**
 * Finds orders that hold a wrong number of units. An order must hold the units that have not come back. A cancelled
 * order must hold nothing.
 */
function* wrongHolds({ orders, items, movements }: Evidence['database']): Iterable<string> {
  const itemsOf = groupedBy(items, ({ orderId }) => orderId);
  const movementsOf = groupedBy(movements, ({ orderId }) => orderId);
  for (const { orderId, status } of orders) {
    const moved = movementsOf.get(orderId) ?? [];
    for (const { productId, quantity, returned } of itemsOf.get(orderId) ?? []) {
      const held = -sum(moved.filter((movement) => movement.productId === productId));
      const due = status === 'CANCELLED' ? 0 : quantity - returned;
      if (held !== due) yield `${orderId} is ${status} and holds ${held} of product ${productId} instead of ${due}`;
    }
  }
}

function sum(movements: Pick<Movement, 'quantity'>[]): number {
  return movements.reduce((total, { quantity }) => total + quantity, 0);
}
