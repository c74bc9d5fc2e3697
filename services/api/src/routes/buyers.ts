import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Store } from '@widget-store/db';
import type { Logger } from '@widget-store/runtime';
import type { MiddlewareHandler } from 'hono';
import { operatorOf } from '../middleware/requireAdmin';
import { adminOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import { buyerSchema } from '../openapi/opsSchemas';
import {
  adminProblems,
  adminReadProblems,
  jsonResponse,
  onInvalid,
  postgresProblems,
  problems,
} from '../openapi/responses';
import { orderId } from '../openapi/schemas';
import { buyerBody } from '../presenters';
import { Problem, unknownOrder } from '../problem';
import { noStore } from './noStore';

export interface BuyerRoutesDeps {
  store: Pick<Store, 'readBuyer' | 'eraseBuyer'>;
  admin: MiddlewareHandler;
  log: Pick<Logger, 'info'>;
}

const shared = { tags: ['operations'], security: adminOnly };
const params = z.object({ order_id: orderId.openapi({ example: examples.orderId }) });

const readBuyer = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/orders/{order_id}/buyer',
  operationId: 'readBuyer',
  summary: 'Read who bought an order, and where its parcel goes',
  request: { params },
  responses: {
    200: jsonResponse(buyerSchema, 'The buyer'),
    ...problems('order_unknown', 'buyer_unknown', ...adminReadProblems, ...postgresProblems),
  },
});

const eraseBuyer = createRoute({
  ...shared,
  method: 'delete',
  path: '/ops/orders/{order_id}/buyer',
  operationId: 'eraseBuyer',
  summary: 'Erase the personal data of the buyer of an order',
  description:
    'The order itself stays, and its idempotency key cannot place another order. Nobody can restore the erased data. Safe to repeat.',
  request: { params },
  responses: {
    200: jsonResponse(buyerSchema, 'The erased buyer'),
    ...problems('order_unknown', ...adminProblems, ...postgresProblems),
  },
});

/** The routes about buyers. Only operators may use them. */
export function buyerRoutes({ store, admin, log }: BuyerRoutesDeps) {
  return new OpenAPIHono()
    .openapi(
      { ...readBuyer, middleware: admin },
      async (c) => {
        const buyer = await store.readBuyer({ orderId: c.req.valid('param').order_id });
        if (buyer === undefined) throw new Problem(...unknownOrder);
        if (buyer === null) throw new Problem('buyer_unknown', 'The store has collected no address for this order.');
        return c.json(buyerBody(buyer), 200, noStore);
      },
      onInvalid(...unknownOrder),
    )
    .openapi(
      { ...eraseBuyer, middleware: admin },
      async (c) => {
        const erased = await store.eraseBuyer({ orderId: c.req.valid('param').order_id, operator: operatorOf(c) });
        if (erased === undefined) throw new Problem(...unknownOrder);
        // If Postgres is restored from a backup, erased buyers are back. The log then tells operators which buyers to
        // erase again.
        log.info({ orderId: erased.orderId }, 'a buyer was erased');
        return c.json(buyerBody(erased), 200, noStore);
      },
      onInvalid(...unknownOrder),
    );
}
