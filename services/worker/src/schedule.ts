import { Gauge, type Logger, type Registry } from '@widget-store/runtime';
import type { TemporalClient } from '@widget-store/runtime/temporal';
import { reconcileScheduleId, workflowTypes } from '@widget-store/contract';
import { retry } from './retry';

export interface ScheduleSettings {
  taskQueue: string;
  /** The time between two runs, in milliseconds. */
  reconcileEveryMs: number;
  /** See `graceMs` in `CompareInput`. */
  reconcileGraceMs: number;
  /** The address of the store and its operations pages, without a slash at its end. */
  publicUrl: string;
}

const deadlineMs = 10_000;

/**
 * Creates or updates the Schedule that starts the reconciler of the task queue. Retries until the call succeeds or
 * `stop` is aborted.
 */
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

/**
 * Creates a check of the Schedule for `keepUp`. If somebody has deleted the Schedule, the check creates it again. If
 * somebody has paused the Schedule, the check only reports the pause, because only a person may resume the Schedule.
 */
export function createScheduleCheck(
  { schedules }: Pick<TemporalClient, 'schedules'>,
  settings: ScheduleSettings,
  { log, registry }: { log: Pick<Logger, 'info' | 'warn'>; registry: Registry },
): () => Promise<void> {
  const gauge = new Gauge({
    name: 'widget_store_reconciler_paused',
    help: "1 while the reconciler's Schedule is paused, otherwise 0.",
    registers: [registry],
  });
  const scheduleId = reconcileScheduleId(settings.taskQueue);
  let wasPaused = false;
  return () =>
    schedules.withDeadline(Date.now() + deadlineMs, async () => {
      const state = await readState(schedules, scheduleId);
      if (state === undefined) {
        await upsertSchedule(schedules, settings);
        log.warn({ scheduleId }, "the reconciler's Schedule was deleted; the worker has created it again");
      }
      const paused = state?.paused ?? false;
      gauge.set(paused ? 1 : 0);
      if (paused && !wasPaused) log.warn({ scheduleId, note: state?.note }, 'the reconciler is paused');
      if (!paused && wasPaused) log.info({ scheduleId }, 'the reconciler is no longer paused');
      wasPaused = paused;
    });
}

/** @returns undefined if the Schedule does not exist */
async function readState(schedules: TemporalClient['schedules'], scheduleId: string) {
  try {
    return (await schedules.getHandle(scheduleId).describe()).state;
  } catch (error) {
    if (isNamed(error, 'ScheduleNotFoundError')) return undefined;
    throw error;
  }
}

/** Creates or updates the Schedule. A paused Schedule stays paused. */
async function upsertSchedule(schedules: TemporalClient['schedules'], settings: ScheduleSettings): Promise<void> {
  const scheduleId = reconcileScheduleId(settings.taskQueue);
  const wanted = scheduleOf(settings);
  try {
    await schedules.create({ scheduleId, ...wanted });
  } catch (error) {
    if (!isNamed(error, 'ScheduleAlreadyRunning')) throw error;
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
    // Temporal skips a run that is more than a minute late. The next run finds everything that the skipped run would
    // have found.
    policies: { overlap: 'SKIP' as const, catchupWindow: '1 minute' as const },
  };
}

/**
 * Compares the name of the error and not its class, because the worker does not depend on the package that exports the
 * class. The worker gets its client from the package `runtime`.
 */
function isNamed(error: unknown, name: string): boolean {
  return error instanceof Error && error.name === name;
}
