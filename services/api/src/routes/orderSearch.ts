import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { OrderRow, OrderSearch, Store } from '@widget-store/db';
import {
  adjustmentKinds,
  adjustmentsMinor,
  decimalAmount,
  type DisputeStatus,
  disputeStatusNames,
  orderNumberOf,
  orderStatuses,
  orderStatusNames,
  paidOutsideMinor,
  paymentStatusNames,
} from '@widget-store/contract';
import type { Context, MiddlewareHandler } from 'hono';
import { allPages, type CsvColumns, csvResponse, csvTime } from '../csv';
import { parseBody, readJsonText } from '../json';
import { adminOnly } from '../openapi/document';
import { examples } from '../openapi/examples';
import { opsOrderSchema } from '../openapi/opsSchemas';
import {
  adminReadProblems,
  bodyProblems,
  jsonResponse,
  linkHeader,
  onInvalid,
  postgresProblems,
  problems,
} from '../openapi/responses';
import { pageQuery, periodTime } from '../openapi/schemas';
import { opsOrderBody } from '../presenters';
import { linkNextPage } from './linkNextPage';
import { noStore } from './noStore';

export interface OrderSearchRoutesDeps {
  store: Pick<Store, 'searchOrders' | 'readPaymentTimes' | 'readDisputeStatuses'>;
  /** Checks the admin token. */
  admin: MiddlewareHandler;
}

const shared = { tags: ['operations'], security: adminOnly };

/** The filters that the lists and the CSV files of orders have in common. */
const exportFilter = {
  placed_from: periodTime('Only orders that were placed at this time or later', '2026-01-01T00:00:00Z'),
  placed_before: periodTime('Only orders that were placed before this time', '2100-01-01T00:00:00Z'),
  status: z.enum(orderStatuses).optional().openapi({ example: 'PENDING' }),
  to_ship: z.literal('true').optional().openapi({
    description:
      'Only the paid orders that wait for an operator to ship them. No order with an open dispute is among them',
    example: 'true',
  }),
};
const orderFilter = { ...exportFilter, ...pageQuery.shape };

type Filter = Omit<OrderSearch, 'limit' | 'before' | 'query' | 'text'>;

/** The search that a filter describes. */
function searchOf(filter: z.output<z.ZodObject<typeof exportFilter>>): Filter {
  const { status, to_ship: toShip, placed_from: placedFrom, placed_before: placedBefore } = filter;
  return { status, toShip: toShip === 'true', placedFrom, placedBefore };
}

const onInvalidFilter = onInvalid(
  'invalid_page',
  'status must be an order status, to_ship must be true, placed_from and placed_before must be times such as 2026-01-31T12:00:00Z, limit must be from 1 to 100, cursor must come from a Link header, and query must have at most 200 characters, none of them NUL.',
);

const orderName = z
  .string()
  .trim()
  .max(200)
  .regex(/^[^\0]*$/, 'no NUL character')
  .optional()
  .openapi({
    description: 'A complete order number, order id, payment id or idempotency key; empty for all orders',
    example: examples.orderId,
    // The regular expression above has `\0`, which not every programming language understands.
    pattern: String.raw`^[^\x00]*$`,
  });

const searchOrders = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/orders',
  operationId: 'searchOrders',
  summary: 'Search orders by status, number or id, newest first',
  description: 'With `to_ship`, the oldest orders come first.',
  request: {
    query: z.object({ query: orderName, ...orderFilter }),
  },
  responses: {
    200: jsonResponse(z.array(opsOrderSchema), 'A page of orders', linkHeader),
    ...problems('invalid_page', ...adminReadProblems, ...postgresProblems),
  },
});

const searchSchema = z.strictObject({
  text: z
    .string()
    .trim()
    .min(1)
    .max(200)
    .regex(/^\P{Cc}*$/u),
});

const searchBody = {
  required: true,
  content: {
    'application/json': {
      schema: {
        type: 'object' as const,
        properties: { text: { type: 'string' as const, minLength: 1, maxLength: 200 } },
        required: ['text'],
        additionalProperties: false,
      },
      example: { text: 'avery.quillfeather@example.org' },
    },
  },
};

const findOrders = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/orders/search',
  operationId: 'findOrders',
  summary: 'Find orders by the e-mail address or name of the buyer, by number or by id, newest first',
  description: [
    'The text is a complete e-mail address, some words of a name, or what `searchOrders` takes as its `query`. The',
    'text is in the body, because URLs get into the logs of proxies and into the history of browsers. With `to_ship`,',
    'the oldest orders come first.',
  ].join(' '),
  request: {
    query: z.object(orderFilter),
    body: searchBody,
  },
  responses: {
    200: jsonResponse(z.array(opsOrderSchema), 'A page of orders', linkHeader),
    ...problems('invalid_page', 'invalid_search', ...bodyProblems, ...adminReadProblems, ...postgresProblems),
  },
});

const csvDescription = [
  'The states have the names that the operations page shows. Times are in UTC, as the name of their column says.',
  '`paid_at_utc` is when the store recorded the payment, and `refunded_at_utc` is when the last refund succeeded.',
  '`paid_another_way` is what the shop has paid back outside the gateway, and is not part of `refunded`. `disputed` is',
  'the sum of the disputes that are open or lost, and contains `dispute_lost`. What the shop keeps of a payment is',
  '`paid` minus `refunded`, `paid_another_way` and `disputed`. The columns about an erased buyer are empty.',
].join(' ');
const csvFile = { description: 'The orders', content: { 'text/csv': { schema: z.string() } } };

const exportOrders = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/orders.csv',
  operationId: 'exportOrders',
  summary: 'All orders that `searchOrders` finds, as a CSV file',
  description: csvDescription,
  request: { query: z.object({ query: orderName, ...exportFilter }) },
  responses: { 200: csvFile, ...problems('invalid_page', ...adminReadProblems, ...postgresProblems) },
});

const exportFoundOrders = createRoute({
  ...shared,
  method: 'post',
  path: '/ops/orders.csv',
  operationId: 'exportFoundOrders',
  summary: 'All orders that `findOrders` finds, as a CSV file',
  description: csvDescription,
  request: { query: z.object(exportFilter), body: searchBody },
  responses: {
    200: csvFile,
    ...problems('invalid_page', 'invalid_search', ...bodyProblems, ...adminReadProblems, ...postgresProblems),
  },
});

/** The routes that list, find and export orders. */
export function orderSearchRoutes({ store, admin }: OrderSearchRoutesDeps) {
  return new OpenAPIHono()
    .openapi(
      { ...searchOrders, middleware: admin },
      async (c) => {
        const { query, limit, cursor, ...filter } = c.req.valid('query');
        const search = { ...searchOf(filter), query: query || undefined };
        const page = await store.searchOrders({ ...search, limit, before: cursor });
        linkNextPage(c, page.nextBefore);
        return c.json(page.orders.map(opsOrderBody), 200, noStore);
      },
      onInvalidFilter,
    )
    .openapi(
      { ...findOrders, middleware: admin },
      async (c) => {
        const text = await readSearchText(c);
        const { limit, cursor, ...filter } = c.req.valid('query');
        const page = await store.searchOrders({ ...searchOf(filter), text, limit, before: cursor });
        linkNextPage(c, page.nextBefore);
        return c.json(page.orders.map(opsOrderBody), 200, noStore);
      },
      onInvalidFilter,
    )
    .openapi(
      { ...exportOrders, middleware: admin },
      async (c) => {
        const { query, ...filter } = c.req.valid('query');
        return sendCsv(c, store, { ...searchOf(filter), query: query || undefined });
      },
      onInvalidFilter,
    )
    .openapi(
      { ...exportFoundOrders, middleware: admin },
      async (c) => sendCsv(c, store, { ...searchOf(c.req.valid('query')), text: await readSearchText(c) }),
      onInvalidFilter,
    );
}

async function readSearchText(c: Context): Promise<string> {
  const invalid = { code: 'invalid_search', subject: 'search' } as const;
  return parseBody(await readJsonText(c.req.raw), searchSchema, invalid).text;
}

/** How many orders one read for a CSV file returns at most. */
const csvPageRows = 500;

async function sendCsv(
  c: Context,
  store: OrderSearchRoutesDeps['store'],
  search: Omit<OrderSearch, 'limit'>,
): Promise<Response> {
  const read = async (before?: number) => {
    const page = await store.searchOrders({ ...search, limit: csvPageRows, before });
    const orderIds = page.orders.map(({ orderId }) => orderId);
    const times = await store.readPaymentTimes(orderIds);
    const disputes = await store.readDisputeStatuses(orderIds);
    const orders = page.orders.map((order) => ({
      ...order,
      paidAt: times.get(order.orderId) ?? null,
      disputes: disputes.get(order.orderId) ?? [],
    }));
    return { ...page, orders };
  };
  const pages = allPages(await read(), read, ({ orders }) => orders);
  return csvResponse(c, { name: 'orders', columns: csvColumns, pages });
}

/** An order, and what the file needs besides. */
interface ExportedOrder extends OrderRow {
  /** When the store recorded the payment. */
  paidAt: Date | null;
  /** The oldest first. */
  disputes: DisputeStatus[];
}

const amount = (amountOf: (order: OrderRow) => number) => (order: OrderRow) =>
  decimalAmount({ minor: amountOf(order), currency: order.currency });

/** A column for each kind of adjustment. */
function adjustmentColumns(): CsvColumns<OrderRow> {
  const columns = adjustmentKinds.map((kind) => {
    const sum = amount(({ adjustments }) => adjustmentsMinor(adjustments.filter((one) => one.kind === kind)));
    // A number, because `csvLine` takes a text with a minus sign for a formula.
    return [kind, (order: OrderRow) => Number(sum(order))];
  });
  return Object.fromEntries(columns);
}

/** The latest of some ISO times; null if there is none. */
function latest(times: string[]): string | null {
  return times.length === 0 ? null : csvTime(new Date(Math.max(...times.map((time) => Date.parse(time)))));
}

/** When the last refund of the order succeeded; null if none has. */
function refundedAt({ refunds }: OrderRow): string | null {
  return latest(refunds.filter(({ status }) => status === 'succeeded').map(({ updatedAt }) => updatedAt));
}

/** When an operator has last recorded that the shopper was paid in another way; null if none has. */
function paidAnotherWayAt({ refunds }: OrderRow): string | null {
  return latest(refunds.flatMap(({ paidOutsideAt }) => paidOutsideAt ?? []));
}

/** The columns of the list of orders on the operations page, and columns for the parcel, each amount and each time. */
const csvColumns: CsvColumns<ExportedOrder> = {
  order_number: ({ sequence }) => orderNumberOf(sequence),
  placed_at_utc: ({ createdAt }) => csvTime(createdAt),
  status: ({ status }) => orderStatusNames[status],
  payment_status: ({ paymentStatus }) => paymentStatusNames[paymentStatus],
  items: ({ items }) => items.map(({ quantity, name }) => `${quantity} × ${name}`).join('; '),
  buyer: ({ buyer }) => buyer?.name ?? null,
  email: ({ buyer }) => buyer?.email ?? null,
  address_line1: ({ buyer }) => buyer?.line1 ?? null,
  address_line2: ({ buyer }) => buyer?.line2 ?? null,
  postal_code: ({ buyer }) => buyer?.postalCode ?? null,
  city: ({ buyer }) => buyer?.city ?? null,
  region: ({ buyer }) => buyer?.region ?? null,
  country: ({ buyer }) => buyer?.country ?? null,
  currency: ({ currency }) => currency,
  total: amount(({ totalMinor }) => totalMinor),
  paid: amount(({ capturedMinor }) => capturedMinor),
  refunded: amount(({ refundedMinor }) => refundedMinor),
  paid_another_way: amount(({ refunds }) => paidOutsideMinor(refunds)),
  disputed: amount(({ disputedMinor }) => disputedMinor),
  dispute_lost: amount(({ lostMinor }) => lostMinor),
  dispute_status: ({ disputes }) => disputes.map((status) => disputeStatusNames[status]).join('; '),
  ...adjustmentColumns(),
  paid_at_utc: ({ paidAt, capturedMinor }) => (paidAt === null || capturedMinor === 0 ? null : csvTime(paidAt)),
  refunded_at_utc: refundedAt,
  paid_another_way_at_utc: paidAnotherWayAt,
  shipped_at_utc: ({ shippedAt }) => (shippedAt === null ? null : csvTime(shippedAt)),
  carrier: ({ carrier }) => carrier,
  tracking_url: ({ trackingUrl }) => trackingUrl,
};
