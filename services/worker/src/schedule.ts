import { setTimeout as delay } from 'node:timers/promises';
import type { TemporalClient } from '@widget-store/runtime';
import { reconcileScheduleId, workflowTypes } from '@widget-store/contract';

export interface ScheduleSettings {
  taskQueue: string;
  /** Milliseconds between two runs. */
  reconcileEveryMs: number;
  /** See `CompareInput`. */
  reconcileGraceMs: number;
  /** The store as shoppers reach it, without a slash at its end. */
  publicUrl: string;
}

const deadlineMs = 10_000;
const retryEveryMs = 1000;

/**
 * Sees to it that the task queue's one reconciler Schedule exists and is as this worker has it configured. The worker does
 * not wait for it: while Temporal refuses, it tries again until the process stops.
 */
export async function keepSchedule(
  temporal: Pick<TemporalClient, 'schedules'>,
  settings: ScheduleSettings,
  { stop, log }: { stop: AbortSignal; log: { warn(fields: object, message: string): void } },
): Promise<void> {
  for (let attempt = 0; !stop.aborted; attempt++) {
    try {
      await temporal.schedules.withDeadline(Date.now() + deadlineMs, () => putSchedule(temporal, settings));
      return;
    } catch (error) {
      if (attempt === 0 && !stop.aborted) log.warn({ err: error }, 'cannot start the reconciler yet; trying again');
      await delay(retryEveryMs, undefined, { signal: stop }).catch(ignore);
    }
  }
}

/** Creates the Schedule, or brings the one there is up to date. One that somebody has paused stays paused. */
async function putSchedule(
  { schedules }: Pick<TemporalClient, 'schedules'>,
  settings: ScheduleSettings,
): Promise<void> {
  const scheduleId = reconcileScheduleId(settings.taskQueue);
  const wanted = schedule(settings);
  try {
    await schedules.create({ scheduleId, ...wanted });
  } catch (error) {
    if (!isThere(error)) throw error;
    await schedules.getHandle(scheduleId).update(({ state }) => ({ ...wanted, state }));
  }
}

function schedule({ taskQueue, reconcileEveryMs, reconcileGraceMs, publicUrl }: ScheduleSettings) {
  return {
    spec: { intervals: [{ every: reconcileEveryMs }] },
    action: {
      type: 'startWorkflow' as const,
      workflowType: workflowTypes.reconcile,
      workflowId: reconcileScheduleId(taskQueue),
      taskQueue,
      args: [{ graceMs: reconcileGraceMs, publicUrl }],
      staticSummary: 'compare gateway, orders, stock and runs',
      // A run that hangs must not keep the next ones from starting. Three attempts of the longest comparison have room.
      workflowExecutionTimeout: '2 hours' as const,
    },
    // One comparison sees all that the missed ones would have seen.
    policies: { overlap: 'SKIP' as const, catchupWindow: '1 minute' as const },
  };
}

/** By name, because only the runtime knows the client's classes. */
function isThere(error: unknown): boolean {
  return error instanceof Error && error.name === 'ScheduleAlreadyRunning';
}

function ignore(): void {}
