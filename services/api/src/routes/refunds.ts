import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { RequestedRefund, Store } from '@widget-store/db';
import type { MiddlewareHandler } from 'hono';
import { readJsonText } from '../json';
import { operatorOf } from '../middleware/requireAdmin';
import { adminOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import { idempotencyKeyHeader, onInvalidKey } from '../openapi/idempotencyKey';
import {
  adminProblems,
  backendProblems,
  bodyProblems,
  jsonResponse,
  onInvalid,
  postgresProblems,
  problems,
  replayedHeader,
} from '../openapi/responses';
import { requestedRefundSchema } from '../openapi/refundSchemas';
import { orderId, refundId } from '../openapi/schemas';
import { requestedRefundBody } from '../presenters';
import { Problem, unknownOrder } from '../problem';
import { readRefundRequest, readSettlementNote, refundRequestSchema, settlementSchema } from '../refundRequest';
import type { RunsContext } from '../runs/context';
import { startRefund } from '../runs/startRefund';
import { noStore } from './noStore';

export interface RefundRoutesDeps {
  runs: RunsContext;
  store: Pick<Store, 'requestRefund' | 'settleRefund'>;
  admin: MiddlewareHandler;
}

const requestRefund = createRoute({
  method: 'post',
  path: '/order/{order_id}/refunds',
  operationId: 'requestRefund',
  summary: 'Refund an order, in whole or in part',
  description: [
    'Possible while the order is PAID, DISPATCHED or CANCELLED; its status does not change. The store reserves the',
    'amount before it answers, so refunds never exceed what was captured. A repetition with the same key gets the same',
    'refund.',
  ].join(' '),
  tags: ['orders'],
  security: adminOnly,
  request: {
    params: z.object({ order_id: orderId.openapi({ example: examples.paidOrderId }) }),
    headers: idempotencyKeyHeader,
    body: {
      required: false,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/RefundRequest' },
          example: { amount_minor: 2000, reason: 'Scratched' },
        },
      },
    },
  },
  responses: {
    202: jsonResponse(requestedRefundSchema, 'The refund, which the gateway has not made yet', replayedHeader),
    ...problems(
      'order_unknown',
      'invalid_idempotency_key',
      'order_not_refundable',
      'refund_not_settleable',
      'refund_exceeds_captured',
      'restock_exceeds_sold',
      'invalid_refund',
      'idempotency_key_reused',
      'product_busy',
      ...bodyProblems,
      ...adminProblems,
      ...backendProblems,
    ),
  },
});

const settleRefund = createRoute({
  method: 'post',
  path: '/order/{order_id}/refunds/{refund_id}/settle',
  operationId: 'settleRefund',
  summary: 'Record that the shopper of a failed refund was paid in another way',
  description:
    "No operator has to act on the refund any more. The shopper's order shows the amount as paid another way. Safe to repeat: only the first note is kept.",
  tags: ['orders'],
  security: adminOnly,
  request: {
    params: z.object({
      order_id: orderId.openapi({ example: examples.paidOrderId }),
      refund_id: refundId.openapi({ example: examples.failedRefundId }),
    }),
    body: {
      required: false,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/Settlement' },
          example: { note: 'Bank transfer of 2026-01-31' },
        },
      },
    },
  },
  responses: {
    200: jsonResponse(requestedRefundSchema, 'The settled refund'),
    ...problems(
      'refund_unknown',
      'refund_not_settleable',
      'invalid_refund',
      ...bodyProblems,
      ...adminProblems,
      ...postgresProblems,
    ),
  },
});

const unknownRefund = ['refund_unknown', 'The order has no such refund.'] as const;
const notSettleable = [
  'refund_not_settleable',
  'Only a failed refund of this order that is not settled yet can be replaced or settled.',
] as const;

/** The routes on which operators request and settle refunds. */
export function refundRoutes({ runs, store, admin }: RefundRoutesDeps) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.register('RefundRequest', refundRequestSchema);
  app.openAPIRegistry.register('Settlement', settlementSchema);
  return app
    .openapi(
      { ...requestRefund, middleware: admin },
      async (c) => {
        const idempotencyKey = c.req.valid('header')['idempotency-key'];
        const key = { orderId: c.req.valid('param').order_id, idempotencyKey, operator: operatorOf(c) };
        const requested = await store.requestRefund(readRefundRequest(await readJsonText(c.req.raw), key));
        if (requested === undefined) throw new Problem(...unknownOrder);
        if (!('refund' in requested)) throw refusal(requested.outcome);
        await startRefund(runs, requested.refund, requested.orderStatus);
        if (requested.outcome === 'replayed') c.header('Idempotent-Replayed', 'true');
        return c.json(requestedRefundBody(requested.refund), 202, noStore);
      },
      onInvalidKey(...unknownOrder),
    )
    .openapi(
      { ...settleRefund, middleware: admin },
      async (c) => {
        const { order_id: settledOrderId, refund_id: settledRefundId } = c.req.valid('param');
        const refund = { orderId: settledOrderId, refundId: settledRefundId };
        const note = readSettlementNote(await readJsonText(c.req.raw));
        const settled = await store.settleRefund({ ...refund, operator: operatorOf(c), note });
        if (settled === undefined) throw new Problem(...unknownRefund);
        if (settled.outcome === 'not_settleable') throw new Problem(...notSettleable);
        return c.json(requestedRefundBody(settled.refund), 200, noStore);
      },
      onInvalid(...unknownRefund),
    );
}

type Refusal = Exclude<RequestedRefund['outcome'], 'requested' | 'replayed'>;

function refusal(outcome: Refusal): Problem {
  switch (outcome) {
    case 'key_is_used':
      return new Problem('idempotency_key_reused', 'This idempotency key was used for another refund of the order.');
    case 'nothing_captured':
      return new Problem('order_not_refundable', 'No payment of this order was captured.');
    case 'not_settleable':
      return new Problem(...notSettleable);
    case 'exceeds_captured':
      return new Problem('refund_exceeds_captured', 'The amount exceeds what is left of the captured amount.');
    case 'exceeds_sold':
      return new Problem(
        'restock_exceeds_sold',
        'The refund returns more units of a product than can still come back.',
      );
    default:
      return outcome satisfies never;
  }
}
