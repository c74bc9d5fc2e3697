import { type WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';
import { readHistory, type RunHistory } from '@widget-store/runtime';
import type { OrderRunBody, TimelineEntryBody } from '@widget-store/workflows/contract';
import { readEvents } from './runEvents';

export interface RunReaderDeps {
  temporal: WorkflowClient;
  /** Milliseconds until a history that does not come counts as unavailable. */
  deadlineMs: number;
  links: RunLinks;
}

/** Where runs are shown to people. */
export interface RunLinks {
  urlOf(workflowId: string): string | null;
}

export interface RunRead {
  run: OrderRunBody;
  entries: TimelineEntryBody[];
}

/** @param uiUrl without a slash at its end; undefined when nobody said where the Temporal Web UI is */
export function createRunLinks({ uiUrl, namespace }: { uiUrl: string | undefined; namespace: string }): RunLinks {
  const runs = `${uiUrl}/namespaces/${encodeURIComponent(namespace)}/workflows`;
  return { urlOf: (workflowId) => (uiUrl === undefined ? null : `${runs}/${encodeURIComponent(workflowId)}`) };
}

/**
 * The latest run of an id with its history. A run that Temporal does not know, and a Temporal that is away, are told rather
 * than thrown: what Postgres has kept is worth showing without them.
 */
export async function readRun({ temporal, deadlineMs, links }: RunReaderDeps, workflowId: string): Promise<RunRead> {
  const found = { workflow_id: workflowId, url: links.urlOf(workflowId) };
  try {
    const history = await temporal.withDeadline(Date.now() + deadlineMs, () => readHistory(temporal, workflowId));
    return { run: { ...found, state: stateOf(history) }, entries: readEvents(workflowId, history) };
  } catch (error) {
    const state = isUnknown(error) ? 'not_found' : 'unavailable';
    return { run: { ...found, state }, entries: [] };
  }
}

/** The last event of a closed run says how it ended. A run that goes on under a new id of its chain is no run of ours. */
function stateOf({ events }: RunHistory): OrderRunBody['state'] {
  const last = events?.at(-1);
  if (last?.workflowExecutionCompletedEventAttributes) return 'completed';
  const endings = [
    last?.workflowExecutionFailedEventAttributes,
    last?.workflowExecutionTimedOutEventAttributes,
    last?.workflowExecutionTerminatedEventAttributes,
    last?.workflowExecutionCanceledEventAttributes,
  ];
  return endings.some(Boolean) ? 'failed' : 'open';
}

/** gRPC status NOT_FOUND. */
const notFoundCode = 5;

function isUnknown(error: unknown): boolean {
  if (error instanceof WorkflowNotFoundError) return true;
  return error instanceof Error && 'code' in error && error.code === notFoundCode;
}
