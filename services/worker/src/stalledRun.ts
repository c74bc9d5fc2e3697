import { outcomeOf, type RunHistory } from '@widget-store/runtime';
import { type EndedRun, isPaymentEvent, paymentSignalName } from '@widget-store/contract';

/** WORKFLOW_TASK_FAILED_CAUSE_NON_DETERMINISTIC_ERROR in temporal/api/enums/v1/failed_cause.proto. */
const doesNotReplay = 24;

/**
 * Since when no worker can go on with a run, because its history does not fit the code that they run; milliseconds since the
 * epoch, by Temporal's clock. Undefined when a task has gone well since then, and when the run is over.
 */
export function failedReplayAtMs(history: RunHistory): number | undefined {
  if (outcomeOf(history) !== undefined) return undefined;
  const all = history.events ?? [];
  const sinceLastStep = all.slice(all.findLastIndex((event) => event.workflowTaskCompletedEventAttributes) + 1);
  const failed = sinceLastStep.find(
    (event) => Number(event.workflowTaskFailedEventAttributes?.cause) === doesNotReplay,
  );
  if (failed === undefined) return undefined;
  const { seconds, nanos } = failed.eventTime ?? {};
  return Number(seconds) * 1000 + (nanos ?? 0) / 1_000_000;
}

export function isTerminated({ events }: RunHistory): boolean {
  return Boolean(events?.at(-1)?.workflowExecutionTerminatedEventAttributes);
}

/** The payment event that counts, as in the run itself: the first `paid`, or else the first one. The run may not have acted on it. */
export function paymentReceived({ events }: RunHistory): EndedRun['payment'] {
  const received = (events ?? []).flatMap((event) => {
    const signal = event.workflowExecutionSignaledEventAttributes;
    const data = signal?.signalName === paymentSignalName ? signal.input?.payloads?.[0]?.data : undefined;
    const told: unknown = data ? JSON.parse(Buffer.from(data).toString()) : undefined;
    return isPaymentEvent(told) ? [told] : [];
  });
  return received.find(({ status }) => status === 'paid') ?? received[0] ?? null;
}
