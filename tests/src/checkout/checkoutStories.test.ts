import { dispatchWorkflowId, isOver } from '@widget-store/contract';
import { cancelUpdate, orderIdQuery, paymentSignal } from '@widget-store/workflows/messages';
import * as fc from 'fast-check';
import { setAvailable } from '../support/store/database';
import { eventually } from '../support/eventually';
import { lateRefund, newRefund, refundByHand, type TestGateway, testGateway } from '../support/gateway/gateway';
import { stockViolations } from '../support/store/invariants';
import { runEnds } from '../support/temporal/runEnds';
import {
  type Capture,
  type CheckoutEvent,
  isDecisive,
  possibleEnds,
  type OrderStanding,
  type PartRefund,
  standingOf,
  type Story,
} from './storyModel';
import { openWorkflowBench, type StartedCheckout, type WorkflowBench } from '../support/temporal/workflows';

const shortWindowMs = 300;
const longWindowMs = 60_000;
const capturedMinor: Record<Capture, number> = { nothing: 0, total: 9999, 'another amount': 1234 };
const partMinor: Record<PartRefund, number> = { none: 0, operator: 9000, gateway: 1000 };

const eventOf = (captured: Capture): fc.Arbitrary<CheckoutEvent> =>
  // If the gateway captured an amount other than the total, no event is `paid`, because the api refuses a webhook with
  // that amount.
  fc.constantFrom(
    ...(captured === 'another amount' ? [] : (['paid', 'paid', 'paid'] as const)),
    'failed',
    'other',
    'cancel',
    'start',
    'refund',
    'refund',
    'dashboard',
  );

const story: fc.Arbitrary<Story> = fc
  .constantFrom<Capture[]>('nothing', 'total', 'total', 'another amount')
  .chain((captured) =>
    fc.record({
      captured: fc.constant(captured),
      windowEnds: fc.boolean(),
      bursts: fc.array(
        fc.record({
          events: fc.array(eventOf(captured), { minLength: 1, maxLength: 4 }),
          untilDecided: fc.boolean(),
        }),
        { maxLength: 3 },
      ),
    }),
  );

/** Adds a failed payment at the end of a story in which no event decides the order. */
const withEnd = (given: Story): Story => {
  const ends = given.windowEnds || given.bursts.some(({ events }) => events.some(isDecisive));
  return ends ? given : { ...given, bursts: [...given.bursts, { events: ['failed'], untilDecided: true }] };
};

describe('random stories of checkouts', () => {
  const silentPayments = new Set<string>();
  let bench: WorkflowBench;
  let unanswered: StartedCheckout;

  beforeAll(async () => {
    const gateway = testGateway();
    const away = Object.assign(new Error('away'), { name: 'GatewayError', code: 'GatewayUnavailable' });
    const closePayment: TestGateway['closePayment'] = (paymentId) =>
      silentPayments.has(paymentId) ? Promise.reject(away) : gateway.closePayment(paymentId);
    bench = await openWorkflowBench({ tickMs: 20, gateway: { ...gateway, closePayment } });
    await setAvailable(bench.database.store, 1_000_000);
    unanswered = await bench.checkout({ paymentWindowMs: 2000 });
    silentPayments.add(unanswered.paymentId);
  });
  afterAll(() => bench.close());

  /**
   * Reports a payment status as the api does: signals the run while it is open. After the end of the run, `paid` for a
   * cancelled order starts the refund.
   */
  async function tell(told: StartedCheckout, status: string): Promise<void> {
    try {
      await told.run.signal(paymentSignal, { status });
    } catch {
      if (status === 'paid' && (await bench.readOrder(told)).status === 'CANCELLED') {
        await bench.refund(lateRefund(told, capturedMinor.total));
      }
    }
  }

  /**
   * Like the api, sends the Update `cancel` to the checkout or the dispatch, and repeats it until the order has ended.
   */
  async function cancel(told: StartedCheckout): Promise<void> {
    const dispatch = bench.client.getHandle(dispatchWorkflowId(told.orderId));
    await eventually(async () => {
      const { status } = await bench.readOrder(told);
      if (isOver(status)) return status;
      return (await (status === 'PENDING' ? told.run : dispatch).executeUpdate(cancelUpdate)).status;
    }, isOver);
  }

  async function startAgain({ key, orderId }: StartedCheckout): Promise<void> {
    const again = await eventually(
      () => bench.checkout({ key }),
      () => true,
    );
    expect(again.orderId).toBe(orderId);
  }

  /** Like the api, reserves the amount in the database, and then starts the run of the refund. */
  async function refundInPart({ orderId }: StartedCheckout): Promise<void> {
    // The id differs from that of the store's own refund, as in the api.
    const refundId = `ref_${orderId.slice('ord_'.length).split('').toReversed().join('')}`;
    const request = { ...newRefund({ orderId }, partMinor.operator), refundId };
    const requested = await bench.database.store.requestRefund(request);
    if (requested !== undefined && 'refund' in requested) await bench.refund({ orderId, refundId });
  }

  async function refundInDashboard(told: StartedCheckout): Promise<void> {
    try {
      await bench.gateway.refund(refundByHand(told.paymentId, partMinor.gateway));
    } catch {
      // The gateway refuses the refund if it has captured nothing, or if less than the amount of the refund is left.
    }
    await recordLedger(told);
  }

  /** Like the reconciler, records the refunds that the gateway has made. */
  async function recordLedger({ orderId, paymentId }: StartedCheckout): Promise<void> {
    const payment = await bench.gateway.getPayment(paymentId);
    if (payment !== null && payment.refunds.length > 0) await bench.database.store.recordLedger({ orderId, payment });
  }

  function happen(told: StartedCheckout, event: CheckoutEvent): Promise<void> {
    switch (event) {
      case 'paid':
      case 'failed':
      case 'other':
        return tell(told, event);
      case 'cancel':
        return cancel(told);
      case 'start':
        return startAgain(told);
      case 'refund':
        return refundInPart(told);
      case 'dashboard':
        return refundInDashboard(told);
      case 'window':
        throw new Error('the story does not send this event: time ends the window');
      default:
        return event satisfies never;
    }
  }

  async function tellStory({ captured, windowEnds, bursts }: Story): Promise<StartedCheckout> {
    const told = await bench.checkout({ paymentWindowMs: windowEnds ? shortWindowMs : longWindowMs });
    if (captured !== 'nothing') await bench.gateway.settle(told.paymentId, 'pay', capturedMinor[captured]);
    let decides = false;
    for (const { events, untilDecided } of bursts) {
      await Promise.all(events.map((event) => happen(told, event)));
      decides ||= events.some(isDecisive);
      if (!untilDecided || !decides) continue;
      await eventually(
        () => told.run.query(orderIdQuery),
        (orderId) => orderId === told.orderId,
      );
      // The run answers before the row changes, and a refund needs the row of a paid order.
      await eventually(
        () => bench.readOrder(told),
        ({ status }) => status !== 'PENDING',
      );
    }
    return told;
  }

  async function endOf(told: StartedCheckout): Promise<OrderStanding> {
    await eventually(
      () => bench.readOrder(told),
      ({ status, paymentStatus }) => isOver(status) && paymentStatus !== 'refunding',
    );
    expect(new Set(await runEnds(bench.client, told))).toEqual(new Set(['COMPLETED']));
    await recordLedger(told);
    const { status, paymentStatus, cancelReason, refunds } = await bench.readOrder(told);
    const made = refunds.find((refund) => refund.status === 'succeeded')?.source;
    const part = made === 'operator' || made === 'gateway' ? made : 'none';
    if (status === 'DISPATCHED') return standingOf({ order: 'dispatched', part });
    const reason = cancelReason as 'cancelled';
    return standingOf({ order: `${paymentStatus === 'refunded' ? 'refunded' : 'cancelled'}: ${reason}`, part });
  }

  /**
   * Expects that the order and the gateway show the same refunds. The sum of these refunds must be right for the state
   * in which the order ended.
   */
  async function expectLedgerAgrees(
    told: StartedCheckout,
    { end, captured }: { end: OrderStanding; captured: Capture },
  ): Promise<void> {
    const order = await bench.readOrder(told);
    const part = end.split(', ')[1] as PartRefund;
    // If the gateway has captured nothing, the store subtracts its own refund from the order's `capturedMinor`. Then
    // `capturedMinor` is the amount of the operator's refund, or 0 without such a refund.
    const wholeMinor = captured === 'nothing' ? order.capturedMinor : capturedMinor[captured];
    expect(order.refundedMinor).toBe(end.startsWith('refunded') ? wholeMinor : partMinor[part]);
    const payment = await bench.gateway.getPayment(told.paymentId);
    const textOf = (refund: { gatewayRefundId: string | null; amountMinor: number }) =>
      `${refund.gatewayRefundId} of ${refund.amountMinor}`;
    const shown = order.refunds.filter((refund) => refund.status === 'succeeded' && refund.gatewayRefundId !== null);
    expect((payment?.refunds ?? []).map(textOf).toSorted()).toEqual(shown.map(textOf).toSorted());
  }

  async function expectTrue(given: Story): Promise<void> {
    const told = await tellStory(given);
    const end = await endOf(told);
    expect([...possibleEnds(given)]).toContain(end);
    await expectLedgerAgrees(told, { end, captured: given.captured });
  }

  it('end in a state that the model allows, and the gateway agrees', async () => {
    // No story starts after this time. fast-check's own time limit would count an interrupted story as a success.
    const lastStartMs = Date.now() + 20_000;
    const property = fc.asyncProperty(fc.array(story.map(withEnd), { minLength: 1, maxLength: 8 }), async (stories) => {
      if (Date.now() < lastStartMs) await Promise.all(stories.map(expectTrue));
    });
    // `endOnFailure` turns shrinking off. Shrinking would take minutes, because each failing story waits for its
    // deadline. To repeat the stories, use the seed that fast-check prints.
    await fc.assert(property, { numRuns: 25, endOnFailure: true });
    expect(await stockViolations(bench.database.sql)).toEqual([]);
  });

  it('end within 45 seconds, with a payment window of two seconds and a gateway that does not answer', async () => {
    const closed = await eventually(
      () => unanswered.run.describe(),
      ({ status }) => status.name === 'COMPLETED',
      { deadlineMs: 60_000 },
    );
    expect(Number(closed.closeTime) - Number(closed.startTime)).toBeLessThan(45_000);
    expect(await bench.readOrder(unanswered)).toMatchObject({ status: 'CANCELLED', paymentStatus: 'expired' });
  });
});
