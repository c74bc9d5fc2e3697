import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Store } from '@widget-store/db';
import type { MiddlewareHandler } from 'hono';
import { readJsonText } from '../json';
import { operatorOf } from '../middleware/requireAdmin';
import { adminOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import { idempotencyKeyHeader, onInvalidKey } from '../openapi/idempotencyKey';
import { orderSchema } from '../openapi/orderSchemas';
import {
  adminProblems,
  bodyProblems,
  jsonResponse,
  postgresProblems,
  problems,
  replayedHeader,
} from '../openapi/responses';
import { orderId } from '../openapi/schemas';
import { orderBody } from '../presenters';
import { Problem, unknownOrder } from '../problem';
import { readReturnRequest, returnRequestSchema } from '../returnRequest';
import { noStore } from './noStore';

export interface ReturnRoutesDeps {
  store: Pick<Store, 'readOrder' | 'returnItems'>;
  admin: MiddlewareHandler;
}

const returnItems = createRoute({
  method: 'post',
  path: '/order/{order_id}/returns',
  operationId: 'returnItems',
  summary: 'Put pieces of an order back into stock without a refund',
  description: [
    'For pieces that come back after a refund, or without one. Possible while the order is PAID or DISPATCHED, for at',
    'most the pieces that were sold and have not come back yet. A repetition with the same key changes nothing.',
  ].join(' '),
  tags: ['orders'],
  security: adminOnly,
  request: {
    params: z.object({ order_id: orderId.openapi({ example: examples.returnedOrderId }) }),
    headers: idempotencyKeyHeader,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/ReturnRequest' },
          example: { items: [{ product_id: 1, quantity: 1 }], reason: 'Came back after the refund' },
        },
      },
    },
  },
  responses: {
    200: jsonResponse(orderSchema, 'The order, whose items count the returned pieces', replayedHeader),
    ...problems(
      'order_unknown',
      'invalid_idempotency_key',
      'restock_exceeds_sold',
      'invalid_return',
      'idempotency_key_reused',
      'product_busy',
      ...bodyProblems,
      ...adminProblems,
      ...postgresProblems,
    ),
  },
});

/** The route on which operators book returned pieces of an order. */
export function returnRoutes({ store, admin }: ReturnRoutesDeps) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.register('ReturnRequest', returnRequestSchema);
  return app.openapi(
    { ...returnItems, middleware: admin },
    async (c) => {
      const { order_id: id } = c.req.valid('param');
      const key = { orderId: id, idempotencyKey: c.req.valid('header')['idempotency-key'], operator: operatorOf(c) };
      const outcome = await store.returnItems(readReturnRequest(await readJsonText(c.req.raw), key));
      if (outcome === 'key_is_used')
        throw new Problem('idempotency_key_reused', 'This idempotency key was used for another return of the order.');
      if (outcome === 'exceeds_sold')
        throw new Problem('restock_exceeds_sold', 'The return has more pieces of a product than can still come back.');
      const order = await store.readOrder(id);
      if (order === undefined) throw new Problem(...unknownOrder);
      if (outcome === 'replayed') c.header('Idempotent-Replayed', 'true');
      return c.json(orderBody(order), 200, noStore);
    },
    onInvalidKey(...unknownOrder),
  );
}
