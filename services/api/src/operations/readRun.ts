import type { Store } from '@widget-store/db';
import { outcomeOf, isUnknownRun, readHistory } from '@widget-store/runtime';
import type { OrderRunBody, TimelineEntryBody } from '../openapi/opsSchemas';
import { withDeadline } from '../runs/calls';
import type { RunsContext } from '../runs/context';
import { readEvents } from './runEvents';

/** What the operations pages read beyond lists and counts. */
export interface OperationsContext extends Pick<RunsContext, 'temporal' | 'deadlineMs' | 'taskQueue'> {
  store: Pick<Store, 'readOrderRecord'>;
  webUi: WebUi;
}

/** Where people see runs. */
interface WebUi {
  /** The Temporal Web UI, without a trailing slash; undefined when `TEMPORAL_UI_URL` is not set. */
  url: string | undefined;
  namespace: string;
}

interface RunRead {
  run: OrderRunBody;
  entries: TimelineEntryBody[];
}

/** The page of the latest run of an id; null when the address of the Web UI is unknown. */
export function runUrl({ url, namespace }: WebUi, workflowId: string): string | null {
  if (url === undefined) return null;
  return `${url}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}

/**
 * Reads the latest run of an id with its history. An unknown run and an unavailable Temporal are states of the answer,
 * not errors: what Postgres has is worth showing without them.
 */
export async function readRun(context: OperationsContext, workflowId: string): Promise<RunRead> {
  const base = { workflow_id: workflowId, url: runUrl(context.webUi, workflowId) };
  try {
    const history = await withDeadline(context, () => readHistory(context.temporal, workflowId));
    return { run: { ...base, state: outcomeOf(history) ?? 'open' }, entries: readEvents(workflowId, history) };
  } catch (error) {
    const state = isUnknownRun(error) ? 'not_found' : 'unavailable';
    return { run: { ...base, state }, entries: [] };
  }
}
