import type { OpsOrdersPage } from './api.js';

/**
 * Finds the oldest undisputed order to ship, other than the given order. Null if there is none.
 *
 * @param read reads a page of the orders to ship, the oldest first
 */
export async function findNextToShip(
  orderId: string,
  read: (cursor: string | null) => Promise<OpsOrdersPage>,
): Promise<OpsOrdersPage['orders'][number] | null> {
  for (let page = await read(null); ; page = await read(page.nextCursor)) {
    const next = page.orders.find(({ order_id: id, disputed_minor: minor }) => id !== orderId && minor === 0);
    if (next !== undefined || page.nextCursor === null) return next ?? null;
  }
}
