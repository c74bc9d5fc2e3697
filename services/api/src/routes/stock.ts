import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { StockMovement, Store } from '@widget-store/db';
import { orderNumberOf, stockMovementNames } from '@widget-store/contract';
import type { MiddlewareHandler } from 'hono';
import { defaultProductId } from '../cart';
import { allPages, type CsvColumns, csvResponse, csvTime } from '../csv';
import { readJsonText } from '../json';
import { operatorOf } from '../middleware/requireAdmin';
import { adminOnly } from '../openapi/document';
import { idempotencyKeyHeader, onInvalidKey } from '../openapi/idempotencyKey';
import {
  adminProblems,
  adminReadProblems,
  bodyProblems,
  jsonResponse,
  linkHeader,
  onInvalid,
  postgresProblems,
  problems,
  replayedHeader,
  textResponse,
} from '../openapi/responses';
import { inventorySchema, productId, stockLevelSchema, stockMovementSchema } from '../openapi/productSchemas';
import { pageQuery } from '../openapi/schemas';
import { stockMovementBody } from '../presenters';
import { Problem, unknownProduct } from '../problem';
import { readStockAdjustment, stockAdjustmentSchema } from '../stockAdjustment';
import { noStore } from './noStore';
import { linkNextPage } from './linkNextPage';

const fullInventory = 100;
/** How many movements one read for the CSV file returns at most. */
const csvPageRows = 5000;

export interface StockRoutesDeps {
  store: Pick<Store, 'adjustStock' | 'listStockMovements' | 'readStockLevel' | 'restock'>;
  /** Checks the admin token. */
  admin: MiddlewareHandler;
}

const shared = { tags: ['products'], security: adminOnly };
const params = z.object({ product_id: productId });

const adjustStock = createRoute({
  ...shared,
  method: 'post',
  path: '/products/{product_id}/stock',
  operationId: 'adjustStock',
  summary: 'Add units to the stock of a product, or remove them',
  description: 'A repetition with the same key changes nothing and gets the first answer.',
  request: {
    params,
    headers: idempotencyKeyHeader,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/StockAdjustment' },
          example: { change: 10, reason: 'received', note: 'Delivery 7' },
        },
      },
    },
  },
  responses: {
    200: jsonResponse(inventorySchema, 'The inventory after the change', replayedHeader),
    ...problems(
      'not_found',
      'invalid_idempotency_key',
      'insufficient_stock',
      'invalid_adjustment',
      'idempotency_key_reused',
      'product_busy',
      ...bodyProblems,
      ...adminProblems,
      ...postgresProblems,
    ),
  },
});

const readStockLevel = createRoute({
  ...shared,
  method: 'get',
  path: '/products/{product_id}/inventory',
  operationId: 'readStockLevel',
  summary: 'Read how many units of a product can be bought, and how many are in unfinished orders',
  request: { params },
  responses: {
    200: jsonResponse(stockLevelSchema, 'The units of the product'),
    ...problems('not_found', ...adminReadProblems, ...postgresProblems),
  },
});

const listStockMovements = createRoute({
  ...shared,
  method: 'get',
  path: '/products/{product_id}/stock',
  operationId: 'listStockMovements',
  summary: 'List every change of the stock of a product, newest first: the stock book',
  request: { params, query: pageQuery },
  responses: {
    200: jsonResponse(z.array(stockMovementSchema), 'A page of the stock book', linkHeader),
    ...problems('not_found', 'invalid_page', ...adminReadProblems, ...postgresProblems),
  },
});

const exportStockMovements = createRoute({
  ...shared,
  method: 'get',
  path: '/products/{product_id}/stock.csv',
  operationId: 'exportStockMovements',
  summary: 'The whole stock book of a product as a CSV file, newest first',
  description:
    'The kinds of change have the names that the operations page shows. Times are in UTC, as the name of their column says.',
  request: { params },
  responses: {
    200: { description: 'The stock book', content: { 'text/csv': { schema: z.string() } } },
    ...problems('not_found', ...adminReadProblems, ...postgresProblems),
  },
});

const restock = createRoute({
  ...shared,
  method: 'post',
  path: '/restock',
  operationId: 'restock',
  summary: `Make ${fullInventory} units of the default product available`,
  responses: {
    200: textResponse(z.literal('restocked'), 'Done'),
    ...problems(...adminProblems, 'product_busy', ...postgresProblems),
  },
});

/** The routes of the stock of products. */
export function stockRoutes({ store, admin }: StockRoutesDeps) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.register('StockAdjustment', stockAdjustmentSchema);
  return app
    .openapi(
      { ...adjustStock, middleware: admin },
      async (c) => {
        const adjustment = {
          ...readStockAdjustment(await readJsonText(c.req.raw)),
          productId: c.req.valid('param').product_id,
          idempotencyKey: c.req.valid('header')['idempotency-key'],
          requestedBy: operatorOf(c),
        };
        const adjusted = await store.adjustStock(adjustment);
        if (adjusted === undefined) throw new Problem(...unknownProduct);
        if (!('inventory' in adjusted)) throw refusal(adjusted.outcome);
        if (adjusted.outcome === 'replayed') c.header('Idempotent-Replayed', 'true');
        return c.json({ inventory: adjusted.inventory }, 200, noStore);
      },
      onInvalidKey(...unknownProduct),
    )
    .openapi(
      { ...readStockLevel, middleware: admin },
      async (c) => {
        const level = await store.readStockLevel(c.req.valid('param').product_id);
        if (level === undefined) throw new Problem(...unknownProduct);
        return c.json(level, 200, noStore);
      },
      onInvalid(...unknownProduct),
    )
    .openapi(
      { ...listStockMovements, middleware: admin },
      async (c) => {
        const { limit, cursor } = c.req.valid('query');
        const page = await store.listStockMovements({
          productId: c.req.valid('param').product_id,
          limit,
          before: cursor,
        });
        if (page === undefined) throw new Problem(...unknownProduct);
        linkNextPage(c, page.nextBefore);
        return c.json(page.movements.map(stockMovementBody), 200, noStore);
      },
      ({ success, target }) => {
        if (success) return;
        if (target === 'param') throw new Problem(...unknownProduct);
        throw new Problem('invalid_page', 'limit must be from 1 to 100, and cursor must come from a Link header.');
      },
    )
    .openapi(
      { ...exportStockMovements, middleware: admin },
      async (c) => {
        const id = c.req.valid('param').product_id;
        const read = (before?: number) => store.listStockMovements({ productId: id, limit: csvPageRows, before });
        const first = await read();
        if (first === undefined) throw new Problem(...unknownProduct);
        const pages = allPages(first, read, ({ movements }) => movements);
        return csvResponse(c, { name: `stock-${id}`, columns: csvColumns, pages });
      },
      onInvalid(...unknownProduct),
    )
    .openapi({ ...restock, middleware: admin }, async (c) => {
      await store.restock({ productId: defaultProductId, available: fullInventory, requestedBy: operatorOf(c) });
      return c.text('restocked', 200);
    });
}

type Cause = Pick<StockMovement, 'requestedBy' | 'note' | 'orderSequence' | 'orderId' | 'refundId'>;

/** The columns that say who or what caused a movement. */
export const causeColumns: CsvColumns<Cause> = {
  requested_by: ({ requestedBy }) => requestedBy,
  note: ({ note }) => note,
  order_number: ({ orderSequence }) => (orderSequence === null ? null : orderNumberOf(orderSequence)),
  order_id: ({ orderId }) => orderId,
  refund_id: ({ refundId }) => refundId,
};

const csvColumns: CsvColumns<StockMovement> = {
  created_at_utc: ({ createdAt }) => csvTime(new Date(createdAt)),
  reason: ({ kind }) => stockMovementNames[kind],
  change: ({ change }) => change,
  inventory: ({ inventory }) => inventory,
  ...causeColumns,
};

function refusal(outcome: 'key_is_used' | 'insufficient_stock'): Problem {
  switch (outcome) {
    case 'key_is_used':
      return new Problem(
        'idempotency_key_reused',
        'This idempotency key was used for another adjustment of the product.',
      );
    case 'insufficient_stock':
      return new Problem('insufficient_stock', 'The product has fewer units than the adjustment removes.');
    default:
      return outcome satisfies never;
  }
}
