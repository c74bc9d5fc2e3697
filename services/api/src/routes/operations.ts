import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Store } from '@widget-store/db';
import { orderStatuses } from '@widget-store/contract';
import type { MiddlewareHandler } from 'hono';
import { adminOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import { anomaliesSchema, opsOrderSchema, orderCountsSchema, orderReportSchema } from '../openapi/opsSchemas';
import { anyAway, jsonResponse, linkHeader, otherwise, postgresAway, problems } from '../openapi/responses';
import { orderId, pageQuery } from '../openapi/schemas';
import { type Operations, opsOrderBody } from '../operations/operations';
import { Problem, unknownOrder } from '../problem';
import { noStore } from './noStore';

export interface OperationRoutesDeps {
  store: Pick<Store, 'searchOrders' | 'countOrders'>;
  operations: Operations;
  /** Stands before all of them. */
  admin: MiddlewareHandler;
}

const shared = { tags: ['operations'], security: adminOnly };
const adminProblems = ['admin_token_missing', 'admin_token_wrong'] as const;

const searchOrders = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/orders',
  operationId: 'searchOrders',
  summary: 'Orders by status and by an id of theirs, newest first',
  request: {
    query: z.object({
      status: z.enum(orderStatuses).optional().openapi({ example: 'PENDING' }),
      query: z
        .string()
        .trim()
        .max(200)
        .regex(/^[^\0]*$/, 'no control characters')
        .optional()
        .openapi({
          description: 'The whole of an order id, a payment id or an idempotency key; empty for all',
          example: examples.orderId,
        }),
      ...pageQuery.shape,
    }),
  },
  responses: {
    200: jsonResponse(z.array(opsOrderSchema), 'A page of orders', linkHeader),
    ...problems('invalid_page', ...adminProblems, ...postgresAway),
  },
});

const reportOrder = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/orders/{order_id}',
  operationId: 'reportOrder',
  summary: 'All that is known of one order: its runs, and what happened to it in order',
  description: 'Histories come from Temporal; while it is away the runs say so, and the rest is answered all the same.',
  request: { params: z.object({ order_id: orderId.openapi({ example: examples.orderId }) }) },
  responses: {
    200: jsonResponse(orderReportSchema, 'The order'),
    ...problems('order_unknown', ...adminProblems, ...postgresAway),
  },
});

const countOrders = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/summary',
  operationId: 'countOrders',
  summary: 'How many orders have each status',
  responses: { 200: jsonResponse(orderCountsSchema, 'The counts'), ...problems(...adminProblems, ...postgresAway) },
});

const listAnomalies = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/anomalies',
  operationId: 'listAnomalies',
  summary: "What the reconciler's last run found",
  responses: { 200: jsonResponse(anomaliesSchema, 'What does not fit'), ...problems(...adminProblems, ...anyAway) },
});

/** What the operations page shows. */
export function operationRoutes({ store, operations, admin }: OperationRoutesDeps) {
  return new OpenAPIHono()
    .openapi(
      { ...searchOrders, middleware: admin },
      async (c) => {
        const { cursor, query, ...search } = c.req.valid('query');
        const page = await store.searchOrders({ ...search, query: query || undefined, before: cursor });
        if (page.nextBefore !== undefined) {
          const next = new URLSearchParams(c.req.query());
          next.set('cursor', String(page.nextBefore));
          c.header('Link', `</ops/orders?${next.toString()}>; rel="next"`);
        }
        return c.json(page.orders.map(opsOrderBody), 200, noStore);
      },
      otherwise('invalid_page', 'status is that of an order, limit is 1 to 100 and cursor comes from a Link header.'),
    )
    .openapi(
      { ...reportOrder, middleware: admin },
      async (c) => {
        const report = await operations.report(c.req.valid('param').order_id);
        if (report === undefined) throw new Problem(...unknownOrder);
        return c.json(report, 200, noStore);
      },
      otherwise(...unknownOrder),
    )
    .openapi({ ...countOrders, middleware: admin }, async (c) => c.json(await store.countOrders(), 200, noStore))
    .openapi({ ...listAnomalies, middleware: admin }, async (c) => c.json(await operations.anomalies(), 200, noStore));
}
