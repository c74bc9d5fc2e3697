import type { RunHistory } from '@widget-store/runtime/temporal';
import type { TimelineEntryBody } from '../openapi/opsSchemas';

type RunEvent = NonNullable<RunHistory['events']>[number];
type Payload = { data?: Uint8Array | null } | null | undefined;

interface Entry {
  title: string;
  detail?: string | undefined;
}

/**
 * Describes the events of a run, with their summaries. Leaves out successful workflow tasks, search attributes and
 * patches, which the run's page in the Web UI shows.
 */
export function readEvents(workflowId: string, { events }: RunHistory): TimelineEntryBody[] {
  const steps = new Map((events ?? []).map((event) => [String(event.eventId), stepOf(event)]));
  return (events ?? []).flatMap((event) => {
    const entry = ofRun(event) ?? ofMessage(event) ?? ofStep(event, (id) => steps.get(String(id)) ?? 'a step');
    if (entry === undefined) return [];
    const { title, detail = null } = entry;
    return [{ at: timeOf(event), source: 'workflow' as const, title, detail, operator: null, workflow_id: workflowId }];
  });
}

/** Describes events of the run as a whole, failed workflow tasks, and the start of other runs. */
function ofRun(event: RunEvent): Entry | undefined {
  const cancel = event.workflowExecutionCancelRequestedEventAttributes;
  const failed = event.workflowExecutionFailedEventAttributes;
  const terminated = event.workflowExecutionTerminatedEventAttributes;
  const child = event.childWorkflowExecutionStartedEventAttributes;
  const failedTask = event.workflowTaskFailedEventAttributes;
  if (event.workflowExecutionStartedEventAttributes) return { title: 'Run started', detail: summaryOf(event) };
  if (event.workflowExecutionCompletedEventAttributes) return { title: 'Run completed' };
  if (event.workflowExecutionTimedOutEventAttributes) return { title: 'Run timed out' };
  if (event.workflowExecutionCanceledEventAttributes) return { title: 'Run cancelled' };
  if (cancel) return { title: 'Cancellation requested', detail: cancel.cause || undefined };
  if (failed) return { title: 'Run failed', detail: failed.failure?.message ?? undefined };
  if (terminated) return { title: 'Run terminated', detail: terminated.reason || undefined };
  if (failedTask) return { title: 'Workflow task failed', detail: failedTask.failure?.message ?? undefined };
  if (child) return { title: `Started ${child.workflowExecution?.workflowId}` };
  return undefined;
}

/** Describes Signals and Updates. */
function ofMessage(event: RunEvent): Entry | undefined {
  const signal = event.workflowExecutionSignaledEventAttributes;
  const update = event.workflowExecutionUpdateAcceptedEventAttributes;
  if (signal) {
    const { status, eventId } = record(jsonOf(signal.input?.payloads?.[0]));
    const detail = [status, eventId].filter((part) => typeof part === 'string').join(', ');
    return { title: `Signal ${signal.signalName}`, detail: detail || undefined };
  }
  if (update) return { title: `Update ${update.acceptedRequest?.input?.name}` };
  return undefined;
}

/** Describes events of timers and of activities, including local activities. */
function ofStep(event: RunEvent, stepAt: (eventId: unknown) => string): Entry | undefined {
  const local = event.markerRecordedEventAttributes;
  const completed = event.activityTaskCompletedEventAttributes;
  const failed = event.activityTaskFailedEventAttributes;
  const timedOut = event.activityTaskTimedOutEventAttributes;
  const fired = event.timerFiredEventAttributes;
  if (local?.markerName === 'core_local_activity') {
    return local.failure ? { title: `Failed: ${stepOf(event)}` } : { title: `Done: ${stepOf(event)}` };
  }
  if (event.activityTaskScheduledEventAttributes) return { title: `Scheduled: ${stepOf(event)}` };
  if (completed) return { title: `Done: ${stepAt(completed.scheduledEventId)}` };
  if (failed)
    return { title: `Failed: ${stepAt(failed.scheduledEventId)}`, detail: failed.failure?.message ?? undefined };
  if (timedOut) return { title: `Timed out: ${stepAt(timedOut.scheduledEventId)}` };
  if (event.timerStartedEventAttributes) return { title: `Timer started: ${stepOf(event)}` };
  if (fired) return { title: `Timer ended: ${stepAt(fired.startedEventId)}` };
  return undefined;
}

/**
 * Names the step that an event belongs to: by the step's summary or, without one, by the name of its activity. A timer
 * without a summary is called `a timer`.
 */
function stepOf(event: RunEvent): string {
  const local = event.markerRecordedEventAttributes?.details?.['data']?.payloads?.[0];
  const { activity_type: localType } = record(jsonOf(local));
  const name = event.activityTaskScheduledEventAttributes?.activityType?.name ?? localType;
  return summaryOf(event) ?? (typeof name === 'string' ? name : 'a timer');
}

function summaryOf({ userMetadata }: RunEvent): string | undefined {
  const summary = jsonOf(userMetadata?.summary);
  return typeof summary === 'string' && summary !== '' ? summary : undefined;
}

/**
 * Parses a payload. Returns undefined if it is not JSON, so that one unreadable payload does not break the timeline.
 */
export function jsonOf(payload: Payload): unknown {
  if (!payload?.data) return undefined;
  try {
    return JSON.parse(new TextDecoder().decode(payload.data));
  } catch {
    return undefined;
  }
}

export function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

export function timeOf({ eventTime }: Pick<RunEvent, 'eventTime'>): string {
  const ms = Number(eventTime?.seconds ?? 0) * 1000 + Math.floor((eventTime?.nanos ?? 0) / 1_000_000);
  return new Date(ms).toISOString();
}
