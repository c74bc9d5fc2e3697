import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Store } from '@widget-store/db';
import type { MiddlewareHandler } from 'hono';
import { joinedReads } from '../joinedReads';
import { adminOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import {
  adminReadProblems,
  jsonResponse,
  linkHeader,
  onInvalid,
  postgresProblems,
  problems,
} from '../openapi/responses';
import { orderSchema } from '../openapi/orderSchemas';
import { orderId, pageQuery } from '../openapi/schemas';
import { orderBody } from '../presenters';
import { Problem, unknownOrder } from '../problem';
import { noStore } from './noStore';

export interface OrderRoutesDeps {
  store: Pick<Store, 'readOrders' | 'searchOrders'>;
  /**
   * Checks the admin token for the list. Anybody can read an order whose id they know, but only operators can list
   * orders.
   */
  admin: MiddlewareHandler;
}

const readOrder = createRoute({
  method: 'get',
  path: '/order/{order_id}',
  operationId: 'readOrder',
  summary: 'Read one order',
  description: 'Anybody who knows the id can read the order. Unknown and malformed ids get the same answer.',
  tags: ['orders'],
  request: { params: z.object({ order_id: orderId.openapi({ example: examples.orderId }) }) },
  responses: { 200: jsonResponse(orderSchema, 'The order'), ...problems('order_unknown', ...postgresProblems) },
});

const listOrders = createRoute({
  method: 'get',
  path: '/orders',
  operationId: 'listOrders',
  summary: 'List the orders, newest first',
  description:
    'A browser, which sends `Accept: text/html`, gets a page and needs no token. The page shows the orders that this browser remembers.',
  tags: ['orders'],
  security: adminOnly,
  request: {
    query: pageQuery,
  },
  responses: {
    200: {
      description: 'A page of orders',
      headers: linkHeader,
      content: { 'application/json': { schema: z.array(orderSchema) }, 'text/html': { schema: z.string() } },
    },
    ...problems('invalid_page', ...adminReadProblems, ...postgresProblems),
  },
});

/**
 * The routes that read orders. The body of the list is an array, so the address of the next page is in a `Link` header
 * (RFC 8288).
 */
export function orderRoutes({ store, admin }: OrderRoutesDeps) {
  const readOrders = joinedReads(async (ids: string[]) => {
    const orders = await store.readOrders(ids);
    return new Map(orders.map((order) => [order.orderId, orderBody(order)]));
  });
  return new OpenAPIHono()
    .openapi(
      readOrder,
      async (c) => {
        const id = c.req.valid('param').order_id;
        const order = (await readOrders(id)).get(id);
        if (order === undefined) throw new Problem(...unknownOrder);
        return c.json(order, 200, noStore);
      },
      onInvalid(...unknownOrder),
    )
    .openapi(
      { ...listOrders, middleware: admin },
      async (c) => {
        const { limit, cursor } = c.req.valid('query');
        const page = await store.searchOrders({ limit, before: cursor });
        if (page.nextBefore !== undefined) {
          c.header('Link', `</orders?limit=${limit}&cursor=${page.nextBefore}>; rel="next"`);
        }
        return c.json(page.orders.map(orderBody), 200, noStore);
      },
      onInvalid('invalid_page', 'limit must be from 1 to 100, and cursor must come from a Link header.'),
    );
}
