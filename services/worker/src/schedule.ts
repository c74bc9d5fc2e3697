import type { TemporalClient } from '@widget-store/runtime';
import { reconcileScheduleId, workflowTypes } from '@widget-store/contract';
import { retry } from './retry';

export interface ScheduleSettings {
  taskQueue: string;
  /** The time between two runs, in milliseconds. */
  reconcileEveryMs: number;
  /** See `CompareInput`. */
  reconcileGraceMs: number;
  /** The store's address for shoppers, without a slash at its end. */
  publicUrl: string;
}

const deadlineMs = 10_000;

/** Creates or updates the Schedule that starts the reconciler of the task queue. Retries until it succeeds or `stop` is aborted. */
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
      // A run that hangs must not block later runs. Two hours are enough for three attempts of the longest comparison.
      workflowExecutionTimeout: '2 hours' as const,
    },
    // Missed runs are not made up for, because the next run finds everything that they would have found.
    policies: { overlap: 'SKIP' as const, catchupWindow: '1 minute' as const },
  };
}

/** Compares the name of the error, because only the package `runtime` imports the client's classes. */
function isExisting(error: unknown): boolean {
  return error instanceof Error && error.name === 'ScheduleAlreadyRunning';
}
