import { checkoutWorkflowId, dispatchTicks, dispatchWorkflowId, refundWorkflowId } from '@widget-store/contract';
import type { Charge, Evidence, OrderRecord, RunRecord } from '../evidence';
import type { Operation } from '../../support/clients/history';

const startMs = Date.parse('2030-01-01T00:00:00Z');
const at = (seconds: number): string => new Date(startMs + seconds * 1000).toISOString();
export const price = 9999;

type Change = Partial<OrderRecord> & { key: string };

/** Returns a dispatched order with the given changes. */
function orderOf({ key, ...change }: Change): OrderRecord {
  return {
    orderId: `ord_${key}`,
    key,
    paymentId: `pay_${key}`,
    status: 'DISPATCHED',
    paymentStatus: 'paid',
    paymentEventId: `evt_${key}`,
    cancelReason: null,
    totalMinor: price,
    capturedMinor: price,
    refundedMinor: 0,
    refunds: [],
    disputes: [],
    progress: 0,
    fulfilment: 'demo',
    isToShip: false,
    carrier: null,
    createdAt: at(1),
    expiresAt: at(9),
    ...change,
  };
}

const cancelled = { status: 'CANCELLED', progress: dispatchTicks } as const;

/** The key of the order that the forged webhooks name. The order expires unpaid. */
export const victimKey = 'victim';

const orders: OrderRecord[] = [
  orderOf({ key: 'dispatched' }),
  orderOf({ key: 'shipped', fulfilment: 'manual', carrier: 'first' }),
  orderOf({
    key: 'refunded',
    paymentStatus: 'partially_refunded',
    refundedMinor: 3000,
    refunds: [
      {
        refundId: 'ref_part',
        amountMinor: 3000,
        status: 'succeeded',
        source: 'operator',
        gatewayRefundId: 're_2',
        settledBy: null,
      },
    ],
  }),
  orderOf({
    key: 'late',
    ...cancelled,
    cancelReason: 'payment_expired',
    paymentStatus: 'refunded',
    refundedMinor: price,
    refunds: [
      {
        refundId: 'ref_late',
        amountMinor: price,
        status: 'succeeded',
        source: 'late_payment',
        gatewayRefundId: 're_1',
        settledBy: null,
      },
    ],
  }),
  orderOf({
    key: victimKey,
    ...cancelled,
    cancelReason: 'payment_expired',
    paymentStatus: 'expired',
    capturedMinor: 0,
    paymentEventId: null,
  }),
  orderOf({
    key: 'soldOut',
    ...cancelled,
    cancelReason: 'sold_out',
    paymentStatus: 'none',
    capturedMinor: 0,
    paymentEventId: null,
    paymentId: null,
    createdAt: at(5),
  }),
];

/**
 * Before the load, product 1 has three units, two of them from a restock. So the fourth order of product 1 is sold out.
 * Later one unit is restocked, and two units are released when the payment windows of their orders end.
 */
const stock = [
  { orderId: null, kind: 'seed', quantity: 1, seconds: 0 },
  { orderId: null, kind: 'restock', quantity: 2, seconds: 0.2 },
  { orderId: 'ord_dispatched', kind: 'hold', quantity: -1, seconds: 1 },
  { orderId: 'ord_late', kind: 'hold', quantity: -1, seconds: 1 },
  { orderId: 'ord_victim', kind: 'hold', quantity: -1, seconds: 1 },
  { orderId: null, kind: 'seed', quantity: 1, seconds: 0, productId: 3 },
  { orderId: 'ord_shipped', kind: 'hold', quantity: -1, seconds: 1, productId: 3 },
  { orderId: null, kind: 'seed', quantity: 1, seconds: 0, productId: 2 },
  { orderId: 'ord_refunded', kind: 'hold', quantity: -1, seconds: 1, productId: 2 },
  { orderId: 'ord_refunded', kind: 'return', quantity: 1, seconds: 5, productId: 2 },
  { orderId: null, kind: 'restock', quantity: 1, seconds: 7 },
  { orderId: 'ord_late', kind: 'release', quantity: 1, seconds: 9 },
  { orderId: 'ord_victim', kind: 'release', quantity: 1, seconds: 9 },
  { orderId: null, kind: 'received', quantity: 3, seconds: 10, productId: 3 },
  { orderId: null, kind: 'written_off', quantity: -1, seconds: 10, productId: 3 },
] as const;

const charges: Charge[] = [
  { ...chargeOf('dispatched'), refundedMinor: 0, refunds: [] },
  { ...chargeOf('shipped'), refundedMinor: 0, refunds: [] },
  {
    ...chargeOf('refunded'),
    refundedMinor: 3000,
    refunds: [{ gatewayRefundId: 're_2', amountMinor: 3000, status: 'succeeded' }],
  },
  {
    ...chargeOf('late'),
    refundedMinor: price,
    refunds: [{ gatewayRefundId: 're_1', amountMinor: price, status: 'succeeded' }],
  },
  { ...chargeOf(victimKey), status: 'open', capturedMinor: 0, refundedMinor: 0, refunds: [] },
];

function chargeOf(key: string) {
  return { paymentId: `pay_${key}`, status: 'paid' as const, amountMinor: price, capturedMinor: price, disputes: [] };
}

const runs: RunRecord[] = [
  ...orders.map(({ key, orderId, paymentId, status }) =>
    completed('checkout', checkoutWorkflowId(key), {
      orderId,
      paymentId,
      status: status === 'DISPATCHED' ? 'PAID' : status,
    }),
  ),
  completed('dispatch', dispatchWorkflowId('ord_dispatched'), null),
  completed('dispatch', dispatchWorkflowId('ord_refunded'), null),
  completed('dispatch', dispatchWorkflowId('ord_shipped'), null),
  completed('refund', refundWorkflowId('ref_part'), { gatewayRefundId: 're_2', amountMinor: 3000 }),
  completed('refund', refundWorkflowId('ref_late'), { gatewayRefundId: 're_1', amountMinor: price }),
];

function completed(type: string, workflowId: string, result: unknown): RunRecord {
  return { type, workflowId, runId: `run of ${workflowId}`, status: 'COMPLETED', result };
}

/**
 * The refunded order has product 2. So the unit that its refund brings back does not change the stock of product 1. The
 * shipped order has product 3.
 */
const productOf = (key: string): number => ({ refunded: 2, shipped: 3 })[key] ?? 1;

const operations: Operation[] = [
  ...orders.map(({ key, orderId, paymentId }) =>
    operation({
      f: 'checkout',
      request: { key, cart: [[productOf(key), 1]], to: 'api' },
      ...(paymentId === null
        ? { outcome: 'fail', response: { status: 404, code: 'checkout_failed' }, startMs: startMs + 4900 }
        : { outcome: 'ok', response: { status: 200, orderId, paymentId } }),
    }),
  ),
  // The order of the first page can be paid, so the gateway must have a charge for this order. The order of the second
  // page cannot be paid, so it needs no charge.
  pageOf(victimKey, { payable: true }),
  pageOf('unopened', { payable: false }),
  operation({ f: 'settle', request: { paymentId: 'pay_dispatched', to: 'gateway' }, response: { status: 200 } }),
  operation({
    f: 'refund',
    request: { orderId: 'ord_refunded', key: 'refund-1', amountMinor: 3000, restock: [[2, 1]], to: 'api' },
    response: { status: 202, refundId: 'ref_part', amountMinor: 3000 },
  }),
  shipmentOf('first'),
  operation({ f: 'restock', request: { to: 'api' }, response: { status: 200 }, startMs: startMs + 6900 }),
  readOf('dispatched', 2, { orderStatus: 'PENDING', paymentStatus: 'pending', progress: dispatchTicks }),
  readOf('dispatched', 3, { orderStatus: 'PAID', paymentStatus: 'paid', progress: 7 }),
  operation({
    f: 'forged',
    request: { paymentId: `pay_${victimKey}`, what: 'unsigned', to: 'api' },
    outcome: 'fail',
    response: { status: 401 },
  }),
  operation({
    f: 'invalid',
    request: { key: 'invalid-1', what: 'broken JSON', to: 'api' },
    outcome: 'fail',
    response: { status: 400 },
  }),
];

const statusChanges: Evidence['database']['statusChanges'] = orders.flatMap(({ orderId, status, cancelReason }) => {
  if (cancelReason === 'sold_out') return [];
  const changes: OrderRecord['status'][] = status === 'DISPATCHED' ? ['PAID', status] : [status];
  return changes.map((each) => ({ orderId, status: each }));
});

/** The receiver refuses the first event of each dispatched order once. */
const events: Evidence['events'] = [
  ...orders.flatMap(({ orderId, status, cancelReason }) => {
    if (cancelReason === 'sold_out') return [eventOf(orderId, 1, 'order.cancelled')];
    const placed = eventOf(orderId, 1, 'order.placed');
    if (status === 'CANCELLED') return [placed, eventOf(orderId, 2, 'order.cancelled')];
    return [
      { ...placed, status: 503 },
      placed,
      eventOf(orderId, 2, 'order.paid'),
      eventOf(orderId, 12, 'order.shipped'),
    ];
  }),
  eventOf('ord_refunded', 14, 'order.refunded', { refund: { refund_id: 'ref_part', status: 'succeeded' } }),
  eventOf('ord_late', 4, 'order.refunded', { refund: { refund_id: 'ref_late', status: 'succeeded' } }),
];

function eventOf(orderId: string, version: number, type: string, detail: object = {}): Evidence['events'][number] {
  return {
    id: `evt_${orderId}_${version}`,
    type,
    timestamp: at(1),
    data: { order_id: orderId, version, ...detail },
    status: 200,
  };
}

/** Returns a shipment of the manual order with this carrier, as an operation that the api accepted. */
export function shipmentOf(carrier: string): Operation {
  return operation({
    f: 'ship',
    request: { orderId: 'ord_shipped', carrier, to: 'api' },
    response: { status: 200, carrier },
  });
}

function pageOf(key: string, seen: Operation['response']): Operation {
  return operation({ f: 'page', request: { paymentId: `pay_${key}`, to: 'api' }, response: { status: 200, ...seen } });
}

function operation(given: Pick<Operation, 'f' | 'request' | 'response'> & Partial<Operation>): Operation {
  const begun = given.startMs ?? startMs + 1000;
  return { id: begun - startMs, process: 'client', outcome: 'ok', startMs: begun, endMs: begun + 500, ...given };
}

/** Returns a read of an order, `seconds` after the start of the run. */
export function readOf(key: string, seconds: number, seen: Operation['response']): Operation {
  const orderId = `ord_${key}`;
  const response = { status: 200, orderId, ...seen };
  return operation({ f: 'read_order', request: { orderId, to: 'api' }, response, startMs: startMs + seconds * 1000 });
}

/** Returns a new copy of the evidence of a small run without anomalies. */
export function soundEvidence(): Evidence {
  return structuredClone({
    operations,
    snapshots: [
      { startMs: startMs + 500, endMs: startMs + 510, productId: 1, inventory: 3, moved: 3, lastMovementId: 2 },
      { startMs: startMs + 4000, endMs: startMs + 4010, productId: 1, inventory: 0, moved: 0, lastMovementId: 5 },
    ],
    database: {
      products: [
        { productId: 1, inventory: 3 },
        { productId: 2, inventory: 1 },
        { productId: 3, inventory: 2 },
      ],
      orders,
      items: orders.map(({ orderId, key }) => ({
        orderId,
        productId: productOf(key),
        quantity: 1,
        returned: key === 'refunded' ? 1 : 0,
      })),
      movements: stock.map(({ seconds, ...movement }, index) => ({
        movementId: index + 1,
        productId: 1,
        ...movement,
        createdAt: at(seconds),
      })),
      ticks: [
        ...['ord_dispatched', 'ord_refunded'].flatMap((orderId) =>
          Array.from({ length: dispatchTicks }, (_, index) => ({
            orderId,
            before: dispatchTicks - index,
            after: dispatchTicks - index - 1,
          })),
        ),
        { orderId: 'ord_shipped', before: dispatchTicks, after: 0 },
      ],
      statusChanges,
      undelivered: 0,
    },
    charges,
    runs,
    events,
    quiet: { startMs: startMs + 20_000, settledMs: startMs + 21_000, deadlineMs: 60_000 },
  });
}
