import type { TemporalClient } from '@widget-store/runtime';
import { reconcileScheduleId, workflowTypes } from '@widget-store/contract';
import { retry } from './retry';

export interface ScheduleSettings {
  taskQueue: string;
  /** Milliseconds between two runs. */
  reconcileEveryMs: number;
  /** See `CompareInput`. */
  reconcileGraceMs: number;
  /** Where shoppers reach the store, without a slash at its end. */
  publicUrl: string;
}

const deadlineMs = 10_000;

/** Creates or updates the task queue's one reconciler Schedule. It retries until it succeeds or the process stops. */
export async function ensureSchedule(
  { schedules }: Pick<TemporalClient, 'schedules'>,
  settings: ScheduleSettings,
  { stop, log }: { stop: AbortSignal; log: { warn(fields: object, message: string): void } },
): Promise<void> {
  const ensureOnce = () => schedules.withDeadline(Date.now() + deadlineMs, () => upsertSchedule(schedules, settings));
  const onError = (error: unknown, attempt: number): void => {
    if (attempt === 0 && !stop.aborted) log.warn({ err: error }, 'cannot start the reconciler yet; trying again');
  };
  await retry(ensureOnce, { stop, onError });
}

/** A paused Schedule stays paused. */
async function upsertSchedule(schedules: TemporalClient['schedules'], settings: ScheduleSettings): Promise<void> {
  const scheduleId = reconcileScheduleId(settings.taskQueue);
  const wanted = scheduleOf(settings);
  try {
    await schedules.create({ scheduleId, ...wanted });
  } catch (error) {
    if (!isExisting(error)) throw error;
    await schedules.getHandle(scheduleId).update(({ state }) => ({ ...wanted, state }));
  }
}

function scheduleOf({ taskQueue, reconcileEveryMs, reconcileGraceMs, publicUrl }: ScheduleSettings) {
  return {
    spec: { intervals: [{ every: reconcileEveryMs }] },
    action: {
      type: 'startWorkflow' as const,
      workflowType: workflowTypes.reconcile,
      workflowId: reconcileScheduleId(taskQueue),
      taskQueue,
      args: [{ graceMs: reconcileGraceMs, publicUrl }],
      staticSummary: 'compare gateway, orders, stock and runs',
      // A run that hangs must not block later ones. Three attempts of the longest comparison fit in.
      workflowExecutionTimeout: '2 hours' as const,
    },
    // One comparison finds everything that the missed ones would have found.
    policies: { overlap: 'SKIP' as const, catchupWindow: '1 minute' as const },
  };
}

/** By name, because only the runtime knows the client's classes. */
function isExisting(error: unknown): boolean {
  return error instanceof Error && error.name === 'ScheduleAlreadyRunning';
}
