import type { OrderLine, OrderRef } from '@widget-store/contract';
import { and, eq, inArray } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { canReturn, changeRefunds, type RefundableOrder } from '../refunds/writeRefunds';
import { stockMovements } from '../schema';

/** Pieces of an order that came back without a refund. */
export interface ItemReturn extends OrderRef {
  /** Identifies the return among the movements of its products. */
  idempotencyKey: string;
  /** One line for each product. */
  lines: OrderLine[];
  note: string | null;
  /** The name of the operator. */
  requestedBy: string;
}

export type ReturnOutcome = 'returned' | 'replayed' | 'key_is_used' | 'exceeds_sold';

/**
 * Puts pieces of an order back into stock without a refund, once for each idempotency key. Accepts at most the pieces
 * that were sold and have not come back yet.
 *
 * @returns undefined if there is no such order
 */
export async function returnItems(db: Database, items: ItemReturn): Promise<ReturnOutcome | undefined> {
  const { orderId, lines: returned, ...returnedBy } = items;
  let outcome: ReturnOutcome | undefined;
  await changeRefunds(db, orderId, async (order) => {
    outcome = await outcomeOf(db, order, items);
    return outcome === 'returned' ? { refunds: [], returned, returnedBy } : null;
  });
  return outcome;
}

/**
 * The order was read before the movements of the key. If another call with the same key has changed the order since
 * then, `changeRefunds` decides again.
 */
async function outcomeOf(db: Database, order: RefundableOrder, items: ItemReturn): Promise<ReturnOutcome> {
  const { orderId, idempotencyKey, lines, note } = items;
  const known = await db
    .select({ productId: stockMovements.productId, quantity: stockMovements.quantity, note: stockMovements.note })
    .from(stockMovements)
    .where(
      and(
        inArray(
          stockMovements.productId,
          order.left.map(({ productId }) => productId),
        ),
        eq(stockMovements.idempotencyKey, idempotencyKey),
        eq(stockMovements.orderId, orderId),
      ),
    );
  if (known.length === 0) return canReturn(order, lines) ? 'returned' : 'exceeds_sold';
  const isSame =
    known.length === lines.length &&
    lines.every((line) =>
      known.some(
        (moved) => moved.productId === line.productId && moved.quantity === line.quantity && moved.note === note,
      ),
    );
  return isSame ? 'replayed' : 'key_is_used';
}
