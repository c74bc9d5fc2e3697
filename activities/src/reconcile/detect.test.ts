import type { OrderFacts } from '@widget-store/db';
import { type Anomaly, anomalyKinds } from '@widget-store/contract';
import type { LedgerPayment } from '../gateway';
import { detectChargeAnomaly, isInFlight } from './detectCharge';
import { detectOrderAnomaly, detectRunAnomaly, dispatchOnlyIfPaid, responsibleRun } from './detectOrder';
import { detectRefundAnomaly, hasUnshownChanges } from './detectRefund';
import { holdAnomaly, stockAnomaly } from './detectStock';
import { maxPerKind, summarize } from './summarize';

const nowMs = Date.parse('2026-01-01T12:00:00Z');
const graceMs = 30_000;
const paymentId = 'pay_1';
const orderId = 'ord_1';
const ids = { orderId, paymentId };
const key = 'key-1';

const order = (overrides: Partial<OrderFacts> = {}): OrderFacts => ({
  ...ids,
  idempotencyKey: key,
  status: 'PENDING',
  paymentStatus: 'pending',
  paymentEventId: null,
  totalMinor: 9999,
  currency: 'USD',
  isReadyToShip: false,
  capturedMinor: 0,
  refundedMinor: 0,
  refunds: [],
  disputes: [],
  unchangedMs: 60_000,
  overdueMs: -60_000,
  ...overrides,
});
const paid: Partial<OrderFacts> = { status: 'PAID', paymentStatus: 'paid', paymentEventId: 'evt_1' };
const toShip: Partial<OrderFacts> = { ...paid, isReadyToShip: true };
const dispatched: Partial<OrderFacts> = { ...paid, status: 'DISPATCHED' };
const expired: Partial<OrderFacts> = { status: 'CANCELLED', paymentStatus: 'expired' };
const ofGateway = { refundId: 'ref_1', gatewayRefundId: 're_1', amountMinor: 9999 };
const refundedOrder = (refund: Partial<OrderFacts['refunds'][number]>): Partial<OrderFacts> => ({
  status: 'CANCELLED',
  paymentStatus: 'refunded',
  refunds: [{ ...ofGateway, status: 'succeeded', ...refund }],
});
const shown = refundedOrder({});
const refunding = refundedOrder({ status: 'pending', gatewayRefundId: null });

const captured = (overrides: Partial<LedgerPayment> = {}): LedgerPayment => ({
  paymentId,
  status: 'paid',
  amountMinor: 9999,
  currency: 'USD',
  capturedMinor: 9999,
  refundedMinor: 0,
  refunds: [],
  disputes: [],
  updatedAt: new Date(nowMs - 60_000).toISOString(),
  ...overrides,
});
const uncaptured = captured({ status: 'open', capturedMinor: 0 });
const refunded = captured({
  refundedMinor: 9999,
  refunds: [{ ...ofGateway, status: 'succeeded', createdAt: '2026-01-01T11:00:00Z' }],
});
const disputed = (status: 'open' | 'won' | 'lost', amountMinor = 9999) =>
  captured({
    disputes: [{ gatewayDisputeId: 'dp_1', amountMinor, status, reason: null, createdAt: '2026-01-01T11:00:00Z' }],
  });
const showsDispute = (status: 'open' | 'won' | 'lost'): Partial<OrderFacts> => ({
  disputes: [{ gatewayDisputeId: 'dp_1', amountMinor: 9999, status }],
});

describe('a charge', () => {
  const detect = (payment: LedgerPayment | null, facts: Partial<OrderFacts> | null) =>
    detectChargeAnomaly({ paymentId, payment, order: facts && order(facts) });
  const repairOfLate = {
    action: 'refund',
    orderId,
    orderStatus: 'CANCELLED',
    refundId: 'ref_1',
    latePayment: { capturedMinor: 9999 },
  } as const;

  it.each<[string, LedgerPayment | null, Partial<OrderFacts> | null]>([
    ['open, for a pending order', uncaptured, {}],
    ['captured, for a paid order', captured(), paid],
    ['captured, for a dispatched order', captured(), dispatched],
    ['refunded, for a cancelled order', refunded, shown],
    ['refunded in part, for a dispatched order', captured({ refundedMinor: 1 }), dispatched],
    ['refunded, for a dispatched order', refunded, dispatched],
    ['being refunded', captured(), refunding],
    ['paid back in another way', captured(), refundedOrder({ status: 'failed', settledBy: 'outside' })],
    ['disputed, for a dispatched order', disputed('open'), { ...dispatched, ...showsDispute('open') }],
    ['lost in a dispute, for a dispatched order', disputed('lost'), { ...dispatched, ...showsDispute('lost') }],
    ['lost in a dispute, for a cancelled order', disputed('lost'), { ...expired, ...showsDispute('lost') }],
    ['lost in a dispute, for an unknown order', disputed('lost'), null],
    [
      'won in a dispute, for a cancelled order that shows its money',
      disputed('won'),
      { ...expired, ...showsDispute('won'), capturedMinor: 9999 },
    ],
    [
      'kept after a failed refund, for a cancelled order that shows both',
      captured(),
      { ...refundedOrder({ status: 'failed' }), capturedMinor: 9999 },
    ],
    ['never captured, for a cancelled order', uncaptured, expired],
    ['never opened, for an order paid by an unsigned webhook', null, { ...paid, paymentEventId: null }],
    ['opened for an order of another store', uncaptured, null],
  ])('%s, has no anomaly', (_what, payment, facts) => {
    expect(detect(payment, facts)).toBeUndefined();
  });

  it.each<[Anomaly['kind'], string, LedgerPayment | null, Partial<OrderFacts> | null, Anomaly['repair']]>([
    ['captured_for_cancelled_order', 'captured late', captured(), expired, repairOfLate],
    [
      'captured_for_cancelled_order',
      'captured, and its refund has failed',
      captured(),
      refundedOrder({ status: 'failed' }),
      null,
    ],
    [
      'captured_for_cancelled_order',
      'captured, and paid back in another way only in part',
      captured(),
      refundedOrder({ status: 'failed', settledBy: 'outside', amountMinor: 9998 }),
      null,
    ],
    [
      'captured_for_cancelled_order',
      'captured after a refund of nothing',
      captured(),
      refundedOrder({ gatewayRefundId: null }),
      repairOfLate,
    ],
    ['captured_for_cancelled_order', 'won in a dispute', disputed('won'), { ...expired, ...showsDispute('won') }, null],
    ['unknown_at_gateway', 'without a refund that the order shows', captured(), shown, null],
    ['unknown_at_gateway', 'without a dispute', captured(), { ...dispatched, ...showsDispute('open') }, null],
    ['capture_without_order', 'captured', captured(), null, null],
    ['paid_without_capture', 'never opened', null, paid, null],
    ['paid_without_capture', 'not captured', uncaptured, dispatched, null],
    ['paid_without_capture', 'in another currency', captured({ currency: 'EUR' }), dispatched, null],
    ['payment_not_noticed', 'captured', captured(), {}, { action: 'signal_paid', idempotencyKey: key, orderId }],
    ['wrong_amount_captured', 'of another amount', captured({ capturedMinor: 1 }), {}, null],
    ['wrong_amount_captured', 'refunded in part', captured({ refundedMinor: 1 }), {}, null],
  ])('is %s: %s', (kind, _what, payment, facts, repair) => {
    const found = detect(payment, facts);
    expect(found).toMatchObject({ kind, paymentId, repair, ...(facts === null ? {} : { orderId }) });
    expect(found?.detail).toMatch(/^[A-Z].*\.$/);
  });
});

describe('work on a charge', () => {
  const isWorkedOn = (payment: LedgerPayment | null, facts: Partial<OrderFacts> | null) =>
    isInFlight({ paymentId, payment, order: facts && order(facts) }, { graceMs, nowMs });
  const ahead = captured({ updatedAt: '2026-01-01T12:09:00Z' });

  it.each<[string, LedgerPayment | null, Partial<OrderFacts> | null, boolean]>([
    ['captured just now', captured({ updatedAt: new Date(nowMs - 1000).toISOString() }), {}, true],
    ['captured for an order that was cancelled just now', captured(), { ...expired, unchangedMs: 1000 }, true],
    ["captured in the future by the gateway's clock", ahead, null, true],
    ['captured for an order, by a clock that is ahead', ahead, expired, false],
    ['captured a minute ago', captured(), null, false],
  ])('is in flight only if the charge changed within the grace period: %s', (_what, payment, facts, expected) => {
    expect(isWorkedOn(payment, facts)).toBe(expected);
  });
});

describe('hasUnshownChanges', () => {
  it.each<[string, LedgerPayment | null, Partial<OrderFacts>, boolean]>([
    ['a refund that it shows', refunded, shown, false],
    ['a refund that it does not show', refunded, dispatched, true],
    ['a refund that it shows as pending', refunded, refunding, true],
    ['a refund, while the order is pending', refunded, {}, false],
    ['a payment without refunds and disputes', captured(), dispatched, false],
    ['a dispute that it does not show', disputed('open'), dispatched, true],
    ['a dispute that it shows', disputed('open'), { ...dispatched, ...showsDispute('open') }, false],
    [
      'a dispute that it shows as open, but that is lost',
      disputed('lost'),
      { ...dispatched, ...showsDispute('open') },
      true,
    ],
    [
      'a dispute that it shows with another amount',
      disputed('open', 9998),
      { ...dispatched, ...showsDispute('open') },
      true,
    ],
  ])('compares the order with %s', (_what, payment, facts, isUnshown) => {
    expect(hasUnshownChanges(order(facts), payment)).toBe(isUnshown);
  });
});

describe('a refund that is not made yet', () => {
  const waiting = { refundId: 'ref_1', orderId, paymentId, orderStatus: 'PAID', waitingMs: 60_000 } as const;
  const overdue = { kind: 'refund_overdue', ...ids, workflowId: 'refund/ref_1' };

  it('is overdue if it has no open run, and the repair starts one', () => {
    const repair = { action: 'refund', refundId: 'ref_1', orderId, orderStatus: 'PAID' };
    expect(detectRefundAnomaly(waiting, { open: false, graceMs })).toMatchObject({ ...overdue, repair });
  });

  it('is overdue only after ten grace periods if it has an open run', () => {
    expect(detectRefundAnomaly(waiting, { open: true, graceMs })).toBeUndefined();
    const late = { ...waiting, waitingMs: 600_000 };
    expect(detectRefundAnomaly(late, { open: true, graceMs })).toMatchObject({ ...overdue, repair: null });
  });
});

describe('an unfinished order', () => {
  const detect = (facts: Partial<OrderFacts>, { open = false, hasFailed = false } = {}) =>
    detectOrderAnomaly(order(facts), { workflowId: 'w', open, hasFailed }, { graceMs });

  it.each<[string, Partial<OrderFacts>, { open?: boolean; hasFailed?: boolean }]>([
    ['pending within its window', {}, {}],
    ['pending within its window, with a new run after a failed one', {}, { open: true, hasFailed: true }],
    ['just past its window', { overdueMs: 1000 }, {}],
    ['past its window, while its run asks the gateway', { overdueMs: 60_000 }, { open: true }],
    ['paid and ticking', { ...paid, unchangedMs: 900 }, { open: true }],
    ['paid and about to be dispatched', { ...paid, unchangedMs: 900 }, {}],
    ['paid, while its dispatch waits for a worker', paid, { open: true }],
    ['being refunded', refunding, {}],
    ['dispatched in the meantime', dispatched, {}],
  ])('has no anomaly: %s', (_what, facts, run) => {
    expect(detect(facts, run)).toBeUndefined();
  });

  const resumed = { action: 'resume_checkout', idempotencyKey: key, orderId };
  it.each<[Anomaly['kind'], Partial<OrderFacts>, { open?: boolean; hasFailed?: boolean }, unknown]>([
    ['hold_without_run', { overdueMs: 60_000 }, {}, resumed],
    ['hold_without_run', {}, { hasFailed: true }, resumed],
    ['run_stalled', { overdueMs: 600_000 }, { open: true }, null],
    ['paid_without_dispatch', paid, {}, { action: 'dispatch', orderId }],
    ['run_stalled', { ...paid, unchangedMs: 600_000 }, { open: true }, null],
  ])('is %s: %j, %j', (kind, facts, run, repair) => {
    expect(detect(facts, run)).toMatchObject({ kind, ...ids, workflowId: 'w', repair });
  });

  it.each<[string, LedgerPayment | null, Partial<OrderFacts>, boolean]>([
    ['the gateway keeps its total', captured(), paid, true],
    ['it was paid by an unsigned webhook', null, { ...paid, paymentEventId: null }, true],
    ['its payment was refunded', refunded, paid, false],
    ['a part was refunded', captured({ refundedMinor: 1 }), paid, true],
    ['the shopper disputes it', disputed('open'), paid, false],
    ['the gateway does not know it', null, paid, false],
  ])('is dispatched only if the payment allows it: %s', (_what, payment, facts, isDispatched) => {
    const lost = detect(facts);
    if (lost === undefined) throw new Error('expected paid_without_dispatch');
    const { kind, repair } = dispatchOnlyIfPaid(lost, order(facts), payment);
    expect([kind, repair]).toEqual(['paid_without_dispatch', isDispatched ? lost.repair : null]);
  });

  it.each<[string | undefined, Partial<OrderFacts>]>([
    [`checkout/${key}`, {}],
    [`dispatch/${orderId}`, paid],
    [undefined, toShip],
    [undefined, refunding],
    [undefined, expired],
    [undefined, dispatched],
  ])('%s is responsible for it: %j', (workflowId, facts) => {
    expect(responsibleRun(order(facts))).toBe(workflowId);
  });
});

describe('a run that has been open for long', () => {
  const long = { unchangedMs: 600_000 };
  const detect = (workflowId: string, facts: Partial<OrderFacts> | null) =>
    detectRunAnomaly(workflowId, facts && order(facts), { graceMs });

  it.each<[string, Partial<OrderFacts>]>([
    [`checkout/${key}`, long],
    [`checkout/${key}`, expired],
    [`dispatch/${orderId}`, { ...paid, ...long }],
    [`dispatch/${orderId}`, toShip],
  ])('%s has no anomaly: %j', (workflowId, facts) => {
    expect(detect(workflowId, facts)).toBeUndefined();
  });

  it.each<[Anomaly['kind'], string, Partial<OrderFacts> | null]>([
    ['run_without_order', `checkout/${key}`, null],
    ['run_without_order', `dispatch/${orderId}`, null],
    ['run_after_end', `checkout/${key}`, { ...expired, ...long }],
    ['run_after_end', `checkout/${key}`, { ...paid, ...long }],
    ['run_after_end', `dispatch/${orderId}`, { ...dispatched, ...long }],
    ['run_after_end', `checkout/${key}`, { ...toShip, ...long }],
    ['run_stalled', `dispatch/${orderId}`, { ...toShip, ...long }],
  ])('is %s: %s %j', (kind, workflowId, facts) => {
    expect(detect(workflowId, facts)).toMatchObject({ kind, workflowId, repair: null });
  });
});

describe('stock', () => {
  const hold = { orderId, productId: 1, moved: -1, expected: 0 };

  it.each<[Anomaly['kind'], Anomaly]>([
    ['stock_mismatch', stockAnomaly({ productId: 1, inventory: 7, moved: 5 })],
    ['cancelled_hold_not_released', holdAnomaly({ ...hold, status: 'CANCELLED' })],
    ['hold_mismatch', holdAnomaly({ ...hold, status: 'PENDING', expected: -2 })],
  ])('is %s, and a person must decide', (kind, anomaly) => {
    expect(anomaly).toMatchObject({ kind, productId: 1, repair: null });
  });
});

describe('the list of anomalies', () => {
  it('counts all anomalies of a kind, and keeps as many as fit', () => {
    const all = Array.from({ length: maxPerKind + 5 }, (_, productId) =>
      stockAnomaly({ productId, inventory: 1, moved: 0 }),
    );
    const { anomalies, found } = summarize(all);
    expect(found).toEqual({ stock_mismatch: maxPerKind + 5 });
    expect(anomalies).toEqual(all.slice(0, maxPerKind));
  });

  it('has every kind once', () => {
    const kinds = Object.values(anomalyKinds).flat();
    expect(new Set(kinds).size).toBe(kinds.length);
  });
});
