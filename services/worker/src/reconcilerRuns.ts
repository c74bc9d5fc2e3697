import type { OpenRun, Runs } from '@widget-store/activities';
import { isUnknownRun, readHistory, type TemporalClient } from '@widget-store/runtime';
import { failedReplayAtMs, isTerminated, paymentReceived } from './stalledRun';
import { workflowTypes } from '@widget-store/contract';

const deadlineMs = 10_000;

/** The runs of a task queue, as the reconciler asks for them. */
export function createRuns(
  { workflows }: Pick<TemporalClient, 'workflows'>,
  { taskQueue }: { taskQueue: string },
): Runs {
  const inTime = <T>(work: () => Promise<T>): Promise<T> => workflows.withDeadline(Date.now() + deadlineMs, work);
  const ofThisQueue = `TaskQueue = ${quoted(taskQueue)}`;

  const list = (condition: string, limit: number): Promise<OpenRun[]> =>
    inTime(async () => {
      const runs: OpenRun[] = [];
      const found = workflows.list({ query: `${ofThisQueue} AND ${condition}`, pageSize: Math.min(limit, 1000) });
      for await (const { workflowId, startTime } of found) {
        runs.push({ workflowId, startedAt: startTime.toISOString() });
        if (runs.length === limit) break;
      }
      return runs;
    });

  return {
    isOpen: (workflowId) =>
      inTime(async () => {
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
    listBroken: async ({ closedAfter, closedBefore, limit }) => {
      const type = `WorkflowType = ${quoted(workflowTypes.checkout)}`;
      const broken = `ExecutionStatus IN ('Failed', 'Terminated', 'TimedOut', 'Canceled')`;
      const closed = `CloseTime BETWEEN ${quoted(closedAfter)} AND ${quoted(closedBefore)}`;
      return (await list(`${type} AND ${broken} AND ${closed}`, limit)).map(({ workflowId }) => workflowId);
    },
    findStalled: (workflowId, { failedBefore }) =>
      inTime(async () => {
        const { runId } = await workflows.getHandle(workflowId).describe();
        const failedAtMs = failedReplayAtMs(await readHistory(workflows, workflowId, runId));
        return failedAtMs !== undefined && failedAtMs < Date.parse(failedBefore) ? runId : null;
      }),
    endStalled: ({ workflowId, runId }) =>
      inTime(async () => {
        const run = workflows.getHandle(workflowId, runId);
        const before = await readHistory(workflows, workflowId, runId);
        if (isTerminated(before)) return { ended: true, payment: paymentReceived(before) };
        if (failedReplayAtMs(before) === undefined) return { ended: false, payment: null };
        await run.terminate('its history does not fit the code of the workers; the order is taken over');
        // Read again, because a signal may have come meanwhile.
        return { ended: true, payment: paymentReceived(await readHistory(workflows, workflowId, runId)) };
      }),
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
