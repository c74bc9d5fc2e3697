import { outcomeOf, type RunHistory } from '@widget-store/runtime/temporal';
import { type EndedRun, isPaymentEvent, paymentSignalName } from '@widget-store/contract';

/** WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR in temporal/api/enums/v1/failed_cause.proto. */
const nonDeterminismError = 24;

/**
 * The time at which workers first failed to replay an open run with their current code. The time is in milliseconds
 * since the epoch, by Temporal's clock.
 *
 * @returns undefined if the run is closed, or if no replay has failed since its last successful workflow task
 */
export function failedReplayAtMs(history: RunHistory): number | undefined {
  if (outcomeOf(history) !== undefined) return undefined;
  const all = history.events ?? [];
  const sinceLastStep = all.slice(all.findLastIndex((event) => event.workflowTaskCompletedEventAttributes) + 1);
  const failed = sinceLastStep.find(
    (event) => Number(event.workflowTaskFailedEventAttributes?.cause) === nonDeterminismError,
  );
  if (failed === undefined) return undefined;
  const { seconds, nanos } = failed.eventTime ?? {};
  return Number(seconds) * 1000 + (nanos ?? 0) / 1_000_000;
}

export function isTerminated({ events }: RunHistory): boolean {
  return Boolean(events?.at(-1)?.workflowExecutionTerminatedEventAttributes);
}

/**
 * The payment event that decides the order: the first `paid` event, or the first event if none is `paid`. The checkout
 * workflow has the same rule. The run has possibly ended before it processed this event.
 */
export function decidingPayment({ events }: RunHistory): EndedRun['payment'] {
  const received = (events ?? []).flatMap((entry) => {
    const signal = entry.workflowExecutionSignaledEventAttributes;
    const data = signal?.signalName === paymentSignalName ? signal.input?.payloads?.[0]?.data : undefined;
    const event: unknown = data ? JSON.parse(Buffer.from(data).toString()) : undefined;
    return isPaymentEvent(event) ? [event] : [];
  });
  return received.find(({ status }) => status === 'paid') ?? received[0] ?? null;
}
