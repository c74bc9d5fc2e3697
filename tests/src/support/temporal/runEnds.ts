import { type WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';
import { checkoutWorkflowId, dispatchWorkflowId, ownRefundId, refundWorkflowId } from '@widget-store/contract';
import { eventually } from '../eventually';

interface RunIds {
  key: string;
  orderId: string;
}

/**
 * Waits until the checkout, the dispatch and the store's own refund of an order are closed.
 *
 * @returns the status of each of these runs that exists, for example `COMPLETED`
 */
export async function runEnds(client: WorkflowClient, { key, orderId }: RunIds): Promise<string[]> {
  const ids = [checkoutWorkflowId(key), dispatchWorkflowId(orderId), refundWorkflowId(ownRefundId(orderId))];
  const read = async (): Promise<string[]> => {
    const statuses: string[] = [];
    // Reads the runs in the order of their starts. If a run is closed, each run that it started already exists.
    for (const id of ids) statuses.push(await statusOf(client, id));
    return statuses.filter((status) => status !== 'NONE');
  };
  return eventually(read, (statuses) => !statuses.includes('RUNNING'), { deadlineMs: 60_000 });
}

async function statusOf(client: WorkflowClient, workflowId: string): Promise<string> {
  try {
    return (await client.getHandle(workflowId).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'NONE';
    throw error;
  }
}
