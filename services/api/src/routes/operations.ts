import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Store } from '@widget-store/db';
import type { MiddlewareHandler } from 'hono';
import { adminOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import {
  anomaliesSchema,
  attentionSchema,
  operatorSchema,
  orderCountsSchema,
  orderReportSchema,
} from '../openapi/opsSchemas';
import {
  adminReadProblems,
  backendProblems,
  jsonResponse,
  onInvalid,
  postgresProblems,
  problems,
  versionHeader,
} from '../openapi/responses';
import { orderId } from '../openapi/schemas';
import { readAnomalies } from '../operations/anomalies';
import { reportOrder } from '../operations/orderReport';
import type { OperationsContext } from '../operations/readRun';
import { attentionItemBody } from '../presenters';
import { Problem, unknownOrder } from '../problem';
import { versionTag } from '../versionTag';
import { noStore } from './noStore';

export interface OperationRoutesDeps {
  store: Pick<Store, 'countOrders' | 'listAttention' | 'listSoldOut'>;
  operations: OperationsContext;
  /** Checks the admin token for all operations routes. */
  admin: MiddlewareHandler;
}

const shared = { tags: ['operations'], security: adminOnly };

const reportOrderRoute = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/orders/{order_id}',
  operationId: 'reportOrder',
  summary: 'Report everything about one order, with its runs and its timeline',
  description:
    'The events of runs come from Temporal. If Temporal does not answer, the runs have the state `unavailable`, and the report contains everything else.',
  request: { params: z.object({ order_id: orderId.openapi({ example: examples.orderId }) }) },
  responses: {
    200: jsonResponse(orderReportSchema, 'The order', versionHeader),
    ...problems('order_unknown', ...adminReadProblems, ...postgresProblems),
  },
});

const readOperator = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/operator',
  operationId: 'readOperator',
  summary: 'Read whose admin token the request has',
  responses: { 200: jsonResponse(operatorSchema, 'The operator'), ...problems(...adminReadProblems) },
});

const countOrders = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/summary',
  operationId: 'countOrders',
  summary: 'Count the orders by status',
  responses: {
    200: jsonResponse(orderCountsSchema, 'The counts'),
    ...problems(...adminReadProblems, ...postgresProblems),
  },
});

const listAnomalies = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/anomalies',
  operationId: 'listAnomalies',
  summary: "List the anomalies that the reconciler's last run found",
  responses: {
    200: jsonResponse(anomaliesSchema, 'The anomalies'),
    ...problems(...adminReadProblems, ...backendProblems),
  },
});

/** The maximum number of items in each list. Usually the lists are far shorter. */
const maxAttentionItems = 100;

const listAttention = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/attention',
  operationId: 'listAttention',
  summary: 'List what an operator must decide about',
  description: [
    'The newest items come first, and failed events last. A failed refund is listed until it is replaced or settled,',
    'or until nothing of the order is left to refund. An open dispute is listed until it is decided. `money_kept` is a',
    'cancelled order whose money the store still has after a dispute. `stock_kept` is a paid order that holds pieces',
    'although the shopper has all of the payment back. An outgoing event is listed from the time of its failure until',
    'an operator sends it again.',
  ].join(' '),
  responses: { 200: jsonResponse(attentionSchema, 'The list'), ...problems(...adminReadProblems, ...postgresProblems) },
});

/** The routes behind the operations pages. */
export function operationRoutes({ store, operations, admin }: OperationRoutesDeps) {
  return new OpenAPIHono()
    .openapi(
      { ...reportOrderRoute, middleware: admin },
      async (c) => {
        const report = await reportOrder(operations, c.req.valid('param').order_id);
        if (report === undefined) throw new Problem(...unknownOrder);
        return c.json(report.body, 200, { ...noStore, ETag: versionTag(report) });
      },
      onInvalid(...unknownOrder),
    )
    .openapi({ ...readOperator, middleware: admin }, async (c) => {
      const { name, access } = c.var.operator;
      return c.json({ name, access }, 200, noStore);
    })
    .openapi({ ...countOrders, middleware: admin }, async (c) => {
      const { toShip, ...counts } = await store.countOrders();
      return c.json({ ...counts, to_ship: toShip }, 200, noStore);
    })
    .openapi({ ...listAttention, middleware: admin }, async (c) => {
      const [items, soldOut] = await Promise.all([
        store.listAttention({ limit: maxAttentionItems }),
        store.listSoldOut({ limit: maxAttentionItems }),
      ]);
      const products = soldOut.map(({ productId, name }) => ({ product_id: productId, product: name }));
      return c.json({ items: items.map(attentionItemBody), sold_out: products }, 200, noStore);
    })
    .openapi({ ...listAnomalies, middleware: admin }, async (c) =>
      c.json(await readAnomalies(operations), 200, noStore),
    );
}
