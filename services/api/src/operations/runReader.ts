import type { WorkflowClient } from '@temporalio/client';
import { endingOf, isUnknownRun, readHistory } from '@widget-store/runtime';
import type { OrderRunBody, TimelineEntryBody } from '../openapi/opsSchemas';
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
    return { run: { ...found, state: endingOf(history) ?? 'open' }, entries: readEvents(workflowId, history) };
  } catch (error) {
    const state = isUnknownRun(error) ? 'not_found' : 'unavailable';
    return { run: { ...found, state }, entries: [] };
  }
}
