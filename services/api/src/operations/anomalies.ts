import { readHistory, type RunHistory } from '@widget-store/runtime';
import { reconcileScheduleId } from '@widget-store/contract';
import type { AnomaliesBody, AnomalyBody } from '../openapi/opsSchemas';
import { jsonOf, record, timeOf } from './runEvents';
import type { RunReaderDeps } from './runReader';

interface AnomaliesDeps extends Pick<RunReaderDeps, 'temporal' | 'links'> {
  taskQueue: string;
}

const nothingYet: AnomaliesBody = {
  checked_at: null,
  workflow_id: null,
  url: null,
  failed: [],
  found: {},
  anomalies: [],
};

/**
 * What the last run of the reconciler's Schedule that ended well has found: its comparisons' results stand in its history, and
 * its own names those that it could not make.
 *
 * @throws the errors of the client when Temporal is away
 */
export async function readAnomalies({ temporal, links, taskQueue }: AnomaliesDeps): Promise<AnomaliesBody> {
  const query = `TemporalScheduledById = "${reconcileScheduleId(taskQueue)}" AND ExecutionStatus = "Completed"`;
  for await (const { workflowId, runId } of temporal.list({ query, pageSize: 1 })) {
    const history = await readHistory(temporal, workflowId, runId);
    return { ...anomaliesIn(history), workflow_id: workflowId, url: links.urlOf(workflowId) };
  }
  return nothingYet;
}

/** What a run of the reconciler found, from its result and those of its comparisons. Whatever is not of their form is left out. */
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
