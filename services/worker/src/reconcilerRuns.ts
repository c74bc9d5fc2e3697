import type { OpenRun, Runs } from '@widget-store/activities';
import { isUnknownRun, readHistory, type TemporalClient } from '@widget-store/runtime/temporal';
import { workflowTypes } from '@widget-store/contract';
import { decidingPayment, failedReplayAtMs, isTerminated } from './stalledRun';

const deadlineMs = 10_000;

/** Gives the reconciler access to the runs of a task queue. */
export function createRuns(
  { workflows }: Pick<TemporalClient, 'workflows'>,
  { taskQueue }: { taskQueue: string },
): Runs {
  const withDeadline = <T>(work: () => Promise<T>): Promise<T> => workflows.withDeadline(Date.now() + deadlineMs, work);

  const list = (condition: string, limit: number): Promise<OpenRun[]> =>
    withDeadline(async () => {
      const query = `TaskQueue = ${quoted(taskQueue)} AND ${condition}`;
      const runs: OpenRun[] = [];
      for await (const { workflowId, startTime } of workflows.list({ query, pageSize: Math.min(limit, 1000) })) {
        runs.push({ workflowId, startedAt: startTime.toISOString() });
        if (runs.length === limit) break;
      }
      return runs;
    });

  return {
    isOpen: (workflowId) =>
      withDeadline(async () => {
        try {
          return (await workflows.getHandle(workflowId).describe()).status.name === 'RUNNING';
        } catch (error) {
          if (isUnknownRun(error)) return false;
          throw error;
        }
      }),
    listOpen: ({ startedBefore, limit }) => {
      const types = [workflowTypes.checkout, workflowTypes.dispatch].map(quoted).join(', ');
      const started = `StartTime < ${quoted(startedBefore)}`;
      return list(`WorkflowType IN (${types}) AND ExecutionStatus = 'Running' AND ${started}`, limit);
    },
    listFailed: async ({ closedAfter, closedBefore, limit }) => {
      const type = `WorkflowType = ${quoted(workflowTypes.checkout)}`;
      const failed = `ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut', 'Canceled')`;
      const closed = `CloseTime BETWEEN ${quoted(closedAfter)} AND ${quoted(closedBefore)}`;
      return (await list(`${type} AND ${failed} AND ${closed}`, limit)).map(({ workflowId }) => workflowId);
    },
    findStalled: (workflowId, { failedBefore }) =>
      withDeadline(async () => {
        const { runId } = await workflows.getHandle(workflowId).describe();
        const failedAtMs = failedReplayAtMs(await readHistory(workflows, workflowId, runId));
        return failedAtMs !== undefined && failedAtMs < Date.parse(failedBefore) ? runId : null;
      }),
    endStalled: ({ workflowId, runId }) =>
      withDeadline(async () => {
        const before = await readHistory(workflows, workflowId, runId);
        if (isTerminated(before)) return { ended: true, payment: decidingPayment(before) };
        if (failedReplayAtMs(before) === undefined) return { ended: false, payment: null };
        const reason = 'its history does not fit the code of the workers; a new run continues the order';
        await workflows.getHandle(workflowId, runId).terminate(reason);
        // A signal can have arrived between the first read and the termination, so the history is read again.
        return { ended: true, payment: decidingPayment(await readHistory(workflows, workflowId, runId)) };
      }),
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
