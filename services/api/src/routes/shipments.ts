import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { ShipOutcome, Store } from '@widget-store/db';
import type { MiddlewareHandler } from 'hono';
import { readJsonText } from '../json';
import { operatorOf } from '../middleware/requireAdmin';
import { adminOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import { orderSchema } from '../openapi/orderSchemas';
import {
  adminProblems,
  bodyProblems,
  jsonResponse,
  onInvalid,
  postgresProblems,
  problems,
  versionHeader,
} from '../openapi/responses';
import { orderId } from '../openapi/schemas';
import { orderBody } from '../presenters';
import { Problem, unknownOrder } from '../problem';
import { readShipmentRequest, shipmentRequestSchema } from '../shipmentRequest';
import { versionsOf, versionTag } from '../versionTag';
import { noStore } from './noStore';

export interface ShipmentRoutesDeps {
  store: Pick<Store, 'shipOrder' | 'correctShipment' | 'readOrder'>;
  admin: MiddlewareHandler;
}

const requestWith = (example: z.input<typeof shipmentRequestSchema>) => ({
  params: z.object({ order_id: orderId.openapi({ example: examples.shippableOrderId }) }),
  body: {
    required: false,
    content: { 'application/json': { schema: { $ref: '#/components/schemas/ShipmentRequest' }, example } },
  },
});

const shipOrder = createRoute({
  method: 'post',
  path: '/order/{order_id}/ship',
  operationId: 'shipOrder',
  summary: 'Record that a paid order was shipped',
  description: [
    'Possible for a PAID order that has manual fulfilment and is ready to ship. Not possible if the shopper has all of',
    'the payment back, or if all pieces are back in stock. The order becomes DISPATCHED and cannot be cancelled any more.',
    'A repetition with the same parcel gets the same answer, unless the shipment was corrected.',
  ].join(' '),
  tags: ['orders'],
  security: adminOnly,
  request: requestWith({ carrier: 'DHL', tracking_url: 'https://carrier.example/parcels/1' }),
  responses: {
    200: jsonResponse(orderSchema, 'The shipped order'),
    ...problems(
      'order_unknown',
      'order_not_ready',
      'order_not_shippable',
      'order_dispatched',
      'invalid_shipment',
      ...bodyProblems,
      ...adminProblems,
      ...postgresProblems,
    ),
  },
});

const correctShipment = createRoute({
  method: 'put',
  path: '/order/{order_id}/shipment',
  operationId: 'correctShipment',
  summary: 'Replace the carrier and the tracking link of a shipped order',
  description: [
    'Possible for a DISPATCHED order that an operator has shipped. A missing field removes its value. The receiver of',
    'events gets `order.shipment_corrected`. A repetition changes nothing, even if the version has changed. Without',
    '`If-Match`, the api does not check the version of the order.',
  ].join(' '),
  tags: ['orders'],
  security: adminOnly,
  request: {
    ...requestWith({ carrier: 'DHL', tracking_url: 'https://carrier.example/parcels/2' }),
    headers: z.object({
      'if-match': z
        .string()
        .optional()
        .openapi({ description: 'The `ETag` of the order that the operator has seen in `reportOrder`', example: '*' }),
    }),
  },
  responses: {
    200: jsonResponse(orderSchema, 'The order', versionHeader),
    ...problems(
      'order_unknown',
      'order_not_shipped',
      'order_changed',
      'invalid_shipment',
      ...bodyProblems,
      ...adminProblems,
      ...postgresProblems,
    ),
  },
});

/** The routes on which operators ship orders and correct shipments. */
export function shipmentRoutes({ store, admin }: ShipmentRoutesDeps) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.register('ShipmentRequest', shipmentRequestSchema);
  const readOrder = async (id: string) => {
    const order = await store.readOrder(id);
    if (order === undefined) throw new Problem(...unknownOrder);
    return order;
  };
  return app
    .openapi(
      { ...shipOrder, middleware: admin },
      async (c) => {
        const id = c.req.valid('param').order_id;
        const parcel = readShipmentRequest(await readJsonText(c.req.raw));
        const outcome = await store.shipOrder({ orderId: id, ...parcel, operator: operatorOf(c) });
        if (outcome !== 'shipped') throw refusal(outcome);
        return c.json(orderBody(await readOrder(id)), 200, noStore);
      },
      onInvalid(...unknownOrder),
    )
    .openapi(
      { ...correctShipment, middleware: admin },
      async (c) => {
        const id = c.req.valid('param').order_id;
        const parcel = readShipmentRequest(await readJsonText(c.req.raw));
        const versions = versionsOf(c.req.valid('header')['if-match']);
        const outcome = await store.correctShipment({ orderId: id, ...parcel, operator: operatorOf(c), versions });
        const order = await readOrder(id);
        if (outcome === 'not_shipped') throw new Problem('order_not_shipped', 'No operator has shipped this order.');
        if (outcome === 'other_version') {
          throw new Problem('order_changed', 'The order has changed since you read it. Read it again.');
        }
        return c.json(orderBody(order), 200, { ...noStore, ETag: versionTag(order) });
      },
      onInvalid(...unknownOrder),
    );
}

function refusal(outcome: Exclude<ShipOutcome, 'shipped'> | undefined): Problem {
  switch (outcome) {
    case undefined:
      return new Problem(...unknownOrder);
    case 'other_parcel':
      return new Problem('order_dispatched', 'The order was already shipped with another carrier or tracking link.');
    case 'not_manual':
      return new Problem('order_not_shippable', 'The store ships this order by itself.');
    case 'not_paid':
      return new Problem('order_not_shippable', 'The order is not paid yet.');
    case 'not_ready':
      return new Problem('order_not_ready', 'The order is not ready to ship yet. Try again in a moment.');
    case 'cancelled':
      return new Problem('order_not_shippable', 'The order is cancelled.');
    case 'all_returned':
      return new Problem('order_not_shippable', 'All pieces are back in stock.');
    case 'paid_back':
      return new Problem('order_not_shippable', 'The shopper has all of the payment back. Cancel the order instead.');
    default:
      return outcome satisfies never;
  }
}
