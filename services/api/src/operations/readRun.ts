import type { Store } from '@widget-store/db';
import { outcomeOf, isUnknownRun, readHistory } from '@widget-store/runtime/temporal';
import type { OrderRunBody, TimelineEntryBody } from '../openapi/opsSchemas';
import { withDeadline } from '../runs/calls';
import type { RunsContext } from '../runs/context';
import { readEvents } from './runEvents';

/** The dependencies of the functions that read orders and runs for the operations pages. */
export interface OperationsContext extends Pick<RunsContext, 'temporal' | 'deadlineMs' | 'taskQueue'> {
  store: Pick<Store, 'checkWritable' | 'readOrderRecord'>;
  webUi: WebUi;
  /**
   * The address at which people open the sandbox gateway, without a slash at its end. Undefined if `GATEWAY_PUBLIC_URL`
   * is not set, or if the sandbox is not the payment gateway.
   */
  gatewayUrl: string | undefined;
}

interface WebUi {
  /** The address of the Temporal Web UI, without a slash at its end. Undefined if `TEMPORAL_UI_URL` is not set. */
  url: string | undefined;
  namespace: string;
}

interface RunRead {
  run: OrderRunBody;
  entries: TimelineEntryBody[];
}

/**
 * The address of the Web UI's page for the latest run of a workflow id. Null if the address of the Web UI is unknown.
 */
export function runUrl({ url, namespace }: WebUi, workflowId: string): string | null {
  if (url === undefined) return null;
  return `${url}/namespaces/${encodeURIComponent(namespace)}/workflows/${encodeURIComponent(workflowId)}`;
}

/**
 * Reads the latest run of a workflow id with its history. Throws no error, because the data from Postgres is useful
 * even without the run. If the run is unknown, the state is `not_found`. If the run cannot be read for another reason,
 * the state is `unavailable`.
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
