import { type WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';
import { checkoutWorkflowId, dispatchWorkflowId, ownRefundId, refundWorkflowId } from '@widget-store/contract';
import { eventually } from '../eventually';

interface RunIds {
  key: string;
  orderId: string;
}

/** Waits until every run of an order is closed. @returns the status of each, `COMPLETED` when it succeeded */
export async function runEnds(client: WorkflowClient, { key, orderId }: RunIds): Promise<string[]> {
  const ids = [checkoutWorkflowId(key), dispatchWorkflowId(orderId), refundWorkflowId(ownRefundId(orderId))];
  const read = async (): Promise<string[]> => {
    const statuses: string[] = [];
    // Reads one run after the other: when a run is closed, the runs that it started are visible.
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
