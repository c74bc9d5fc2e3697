import { anomaliesIn } from './anomalies';
import type { RunHistory } from '@widget-store/runtime/temporal';
import { readEvents } from './runEvents';

const payload = (value: unknown) => ({ data: new TextEncoder().encode(JSON.stringify(value)) });
const payloads = (value: unknown) => ({ payloads: [payload(value)] });
const at = { seconds: 1_769_860_800, nanos: 5_000_000 };

/** A history that has only the fields that the tested functions read. */
const historyOf = (...events: object[]) =>
  ({
    events: events.map((event, index) => ({ eventId: index + 1, eventTime: at, ...event })),
  }) as unknown as RunHistory;
const titlesOf = (history: RunHistory) =>
  readEvents('checkout/key', history).map(({ title, detail }) => [title, detail]);

describe('readEvents', () => {
  it('names a step by its summary when it begins and when it ends', () => {
    const history = historyOf(
      { activityTaskScheduledEventAttributes: {}, userMetadata: { summary: payload('give back') } },
      { activityTaskFailedEventAttributes: { scheduledEventId: 1, failure: { message: 'away' } } },
      { activityTaskScheduledEventAttributes: { activityType: { name: 'getPayment' } } },
      { activityTaskTimedOutEventAttributes: { scheduledEventId: 3 } },
      { timerStartedEventAttributes: {} },
      { timerFiredEventAttributes: { startedEventId: 5 } },
    );
    expect(titlesOf(history)).toEqual([
      ['Scheduled: give back', null],
      ['Failed: give back', 'away'],
      ['Scheduled: getPayment', null],
      ['Timed out: getPayment', null],
      ['Timer started: a timer', null],
      ['Timer ended: a timer', null],
    ]);
  });

  it('shows failed workflow tasks, a requested cancellation and a termination', () => {
    const history = historyOf(
      { workflowTaskFailedEventAttributes: { failure: { message: 'BadSearchAttributes' } } },
      { workflowExecutionCancelRequestedEventAttributes: { cause: '' } },
      { workflowExecutionTerminatedEventAttributes: { reason: 'by hand' } },
    );
    expect(titlesOf(history)).toEqual([
      ['Workflow task failed', 'BadSearchAttributes'],
      ['Cancellation requested', null],
      ['Run terminated', 'by hand'],
    ]);
  });

  it('leaves out unreadable payloads and internal events', () => {
    const unreadable = { payloads: [{ data: new Uint8Array([1, 2, 3]) }] };
    const history = historyOf(
      { workflowTaskScheduledEventAttributes: {} },
      { workflowExecutionSignaledEventAttributes: { signalName: 'payment', input: unreadable } },
      { markerRecordedEventAttributes: { markerName: 'core_patch' } },
    );
    expect(titlesOf(history)).toEqual([['Signal payment', null]]);
    expect(readEvents('checkout/key', history)[0]?.at).toBe('2026-01-31T12:00:00.005Z');
  });
});

describe('anomaliesIn', () => {
  it('collects the results of all comparisons of a run', () => {
    const orphan = { kind: 'capture_without_order', detail: 'Nobody knows it.', paymentId: 'pay_1', repair: null };
    const unpaid = { kind: 'refund_overdue', detail: 'Late.', orderId: 'ord_1', repair: { action: 'refund' } };
    const compared = (result: unknown) => ({ activityTaskCompletedEventAttributes: { result: payloads(result) } });
    const history = historyOf(
      compared({ anomalies: [orphan], found: { capture_without_order: 200 }, mark: null }),
      compared({ anomalies: [unpaid], found: { refund_overdue: 1 }, mark: null }),
      compared(undefined),
      { workflowExecutionCompletedEventAttributes: { result: payloads({ failed: ['stock'] }) } },
    );
    const ids = { order_id: null, payment_id: null, workflow_id: null };
    expect(anomaliesIn(history)).toEqual({
      checked_at: '2026-01-31T12:00:00.005Z',
      failed: ['stock'],
      found: { capture_without_order: 200, refund_overdue: 1 },
      anomalies: [
        { ...ids, kind: 'capture_without_order', detail: 'Nobody knows it.', payment_id: 'pay_1', repair: null },
        { ...ids, kind: 'refund_overdue', detail: 'Late.', order_id: 'ord_1', repair: 'refund' },
      ],
    });
  });
});
