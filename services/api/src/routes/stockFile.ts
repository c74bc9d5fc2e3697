import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import { stockMovementNames } from '@widget-store/contract';
import type { AnyMovement, Store } from '@widget-store/db';
import type { MiddlewareHandler } from 'hono';
import { allPages, type CsvColumns, csvResponse, csvTime } from '../csv';
import { adminOnly } from '../openapi/document';
import { adminReadProblems, onInvalid, postgresProblems, problems } from '../openapi/responses';
import { periodTime } from '../openapi/schemas';
import { causeColumns } from './stock';

/** How many movements one read for the CSV file returns at most. */
const csvPageRows = 5000;

export interface StockFileRoutesDeps {
  store: Pick<Store, 'listAllMovements'>;
  /** Checks the admin token. */
  admin: MiddlewareHandler;
}

const exportAllMovements = createRoute({
  tags: ['products'],
  security: adminOnly,
  method: 'get',
  path: '/ops/stock.csv',
  operationId: 'exportAllMovements',
  summary: 'The stock books of all products as one CSV file, newest first',
  description: [
    'The kinds of change have the names that the operations page shows. Times are in UTC, as the name of their column',
    'says. Only the file of one product (`exportStockMovements`) has the stock after each change.',
  ].join(' '),
  request: {
    query: z.object({
      from: periodTime('Only changes at this time or later', '2026-01-01T00:00:00Z'),
      to: periodTime('Only changes before this time', '2100-01-01T00:00:00Z'),
    }),
  },
  responses: {
    200: { description: 'The stock books', content: { 'text/csv': { schema: z.string() } } },
    ...problems('invalid_page', ...adminReadProblems, ...postgresProblems),
  },
});

/** The route that exports the stock books of all products. */
export function stockFileRoutes({ store, admin }: StockFileRoutesDeps) {
  return new OpenAPIHono().openapi(
    { ...exportAllMovements, middleware: admin },
    async (c) => {
      const period = c.req.valid('query');
      const read = (before?: number) => store.listAllMovements({ ...period, limit: csvPageRows, before });
      const pages = allPages(await read(), read, ({ movements }) => movements);
      return csvResponse(c, { name: 'stock', columns: csvColumns, pages });
    },
    onInvalid('invalid_page', 'from and to must be times such as 2026-01-31T12:00:00Z.'),
  );
}

const csvColumns: CsvColumns<AnyMovement> = {
  created_at_utc: ({ createdAt }) => csvTime(new Date(createdAt)),
  product_id: ({ productId }) => productId,
  product: ({ productName }) => productName,
  reason: ({ kind }) => stockMovementNames[kind],
  change: ({ change }) => change,
  ...causeColumns,
};
