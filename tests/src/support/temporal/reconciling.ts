import { Connection, ScheduleClient, WorkflowClient } from '@temporalio/client';
import { type AnomalyKind, checkoutWorkflowId, dispatchWorkflowId, reconcileScheduleId } from '@widget-store/contract';
import type { ReconcileInput, ReconcileResult } from '@widget-store/workflows/messages';
import type { Charge } from '../gateway/charges';
import { eventually } from '../eventually';
import type { TestStore } from '../store/store';

export interface Reconciling {
  workflows: WorkflowClient;
  /** Triggers the Schedule. Resolves with the result of the run. */
  compare(): Promise<ReconcileResult>;
  /** Returns the kinds of anomalies that the worker has logged for a charge since the last `forget`. */
  kindsOf(charge: Charge): AnomalyKind[];
  forget(): void;
  close(): Promise<void>;
}

interface AnomalyLine {
  anomaly?: AnomalyKind;
  orderId?: string;
  paymentId?: string;
  workflowId?: string;
}

/**
 * Returns a value of `RECONCILE_EVERY_MS` with which the Schedule does not run by itself for at least half an hour. An
 * interval of an hour is not enough: a Schedule runs at multiples of its interval since the epoch, and therefore at
 * every full hour.
 */
export function noReconcilingMs(): number {
  const nowSeconds = Math.floor(Date.now() / 1000);
  const halfHourSeconds = 1800;
  const intervals = Array.from({ length: halfHourSeconds + 1 }, (_, index) => halfHourSeconds + index);
  const untilNext = (seconds: number): number => seconds - (nowSeconds % seconds);
  const farthest = intervals.reduce((best, seconds) => (untilNext(seconds) > untilNext(best) ? seconds : best));
  return farthest * 1000;
}

export async function openReconciling(store: TestStore): Promise<Reconciling> {
  const connection = await Connection.connect({ address: store.temporalAddress });
  const schedule = new ScheduleClient({ connection }).getHandle(reconcileScheduleId(store.taskQueue));
  const workflows = new WorkflowClient({ connection });
  let from = 0;

  const linesOfWorker = (): AnomalyLine[] =>
    store.lines
      .slice(from)
      .filter((line) => line.startsWith('worker | {'))
      .map((line) => JSON.parse(line.slice('worker | '.length)) as AnomalyLine);

  return {
    workflows,
    compare: async () => {
      const { info } = await eventually(
        () => schedule.describe(),
        () => true,
      );
      await schedule.trigger();
      const done = await eventually(
        () => schedule.describe(),
        ({ info: now }) => now.numActionsTaken > info.numActionsTaken && now.runningActions.length === 0,
      );
      const last = done.info.recentActions.at(-1)?.action;
      if (last === undefined) throw new Error('the Schedule has started nothing');
      const { workflowId, firstExecutionRunId } = last.workflow;
      return workflows
        .getHandle<(input: ReconcileInput) => Promise<ReconcileResult>>(workflowId, firstExecutionRunId)
        .result();
    },
    kindsOf: ({ key, orderId, paymentId }) => {
      const runs = new Set([checkoutWorkflowId(key), dispatchWorkflowId(orderId)]);
      const kinds = linesOfWorker()
        .filter((line) => line.orderId === orderId || line.paymentId === paymentId || runs.has(line.workflowId ?? ''))
        .flatMap(({ anomaly }) => anomaly ?? []);
      return [...new Set(kinds)].toSorted();
    },
    forget: () => {
      from = store.lines.length;
    },
    close: () => connection.close(),
  };
}
