import { readHistory, type RunHistory } from '@widget-store/runtime/temporal';
import { reconcileScheduleId } from '@widget-store/contract';
import type { AnomaliesBody, AnomalyBody } from '../openapi/opsSchemas';
import { withDeadline } from '../runs/calls';
import { type OperationsContext, runUrl } from './readRun';
import { jsonOf, record, timeOf } from './runEvents';

const neverRun: AnomaliesBody = {
  checked_at: null,
  workflow_id: null,
  url: null,
  failed: [],
  found: {},
  anomalies: [],
};

/**
 * Reads the anomalies that the last completed run of the reconciler found. The history of the run contains the results
 * of its comparisons, and the result of the run names the comparisons that failed.
 *
 * @throws the errors of the Temporal client
 */
export function readAnomalies(context: OperationsContext): Promise<AnomaliesBody> {
  const { temporal, taskQueue, webUi } = context;
  return withDeadline(context, async () => {
    const query = `TemporalScheduledById = "${reconcileScheduleId(taskQueue)}" AND ExecutionStatus = "Completed"`;
    for await (const { workflowId, runId } of temporal.list({ query, pageSize: 1 })) {
      const history = await readHistory(temporal, workflowId, runId);
      return { ...anomaliesIn(history), workflow_id: workflowId, url: runUrl(webUi, workflowId) };
    }
    return neverRun;
  });
}

/** Reads the anomalies in the history of a reconciler run. Ignores results that do not have the expected form. */
export function anomaliesIn({ events }: RunHistory): Omit<AnomaliesBody, 'workflow_id' | 'url'> {
  const last = events?.at(-1);
  const { failed } = record(jsonOf(last?.workflowExecutionCompletedEventAttributes?.result?.payloads?.[0]));
  const results = (events ?? []).map((event) =>
    record(jsonOf(event.activityTaskCompletedEventAttributes?.result?.payloads?.[0])),
  );
  const found = results.flatMap((result) => Object.entries(record(result['found'])));
  const anomalies = results.flatMap(({ anomalies: list }) => (Array.isArray(list) ? list.map(record) : []));
  return {
    checked_at: last === undefined ? null : timeOf(last),
    failed: Array.isArray(failed) ? failed.filter((name) => typeof name === 'string') : [],
    found: Object.fromEntries(found.flatMap(([kind, count]) => (typeof count === 'number' ? [[kind, count]] : []))),
    anomalies: anomalies.map(anomalyBody),
  };
}

function anomalyBody(anomaly: Record<string, unknown>): AnomalyBody {
  return {
    kind: textOf(anomaly['kind']) ?? 'unknown',
    detail: textOf(anomaly['detail']) ?? '',
    order_id: textOf(anomaly['orderId']),
    payment_id: textOf(anomaly['paymentId']),
    workflow_id: textOf(anomaly['workflowId']),
    repair: textOf(record(anomaly['repair'])['action']),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
