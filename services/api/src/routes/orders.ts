import type { Store } from '@widget-store/db';
import { isOrderId } from '@widget-store/workflows/contract';
import { Hono, type MiddlewareHandler } from 'hono';
import { z } from 'zod';
import { orderBody } from '../presenters';
import { Problem } from '../problem';

const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50),
  cursor: z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER).optional(),
});

export interface OrderRoutesDeps {
  store: Pick<Store, 'readOrder' | 'listOrders'>;
  /** Stands before the list: an order page is for whoever has its id, the list for the shopkeeper. */
  admin: MiddlewareHandler;
}

/** Orders as Postgres knows them. The next page stands in a `Link` header (RFC 8288), because the body is an array. */
export function orderRoutes({ store, admin }: OrderRoutesDeps) {
  return new Hono()
    .get('/order/:orderId', async (c) => {
      const orderId = c.req.param('orderId');
      const order = isOrderId(orderId) ? await store.readOrder(orderId) : undefined;
      if (order === undefined) throw new Problem('order_unknown', 'There is no such order.');
      return c.json(orderBody(order), 200, { 'Cache-Control': 'no-store' });
    })
    .get('/orders', admin, async (c) => {
      const query = pageQuery.safeParse(c.req.query());
      if (!query.success) throw new Problem('invalid_page', 'limit is 1 to 100 and cursor comes from a Link header.');
      const { limit, cursor } = query.data;
      const page = await store.listOrders({ limit, before: cursor });
      if (page.nextBefore !== undefined) {
        c.header('Link', `</orders?limit=${limit}&cursor=${page.nextBefore}>; rel="next"`);
      }
      return c.json(page.orders.map(orderBody), 200, { 'Cache-Control': 'no-store' });
    });
}
