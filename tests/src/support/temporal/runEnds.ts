import { type WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';
import { checkoutWorkflowId, dispatchWorkflowId, refundWorkflowId } from '@widget-store/contract';
import { eventually } from '../eventually';

interface RunIds {
  key: string;
  orderId: string;
  paymentId: string;
}

/** Waits until no run of an order is open, and gives how each ended: `COMPLETED` where nothing went wrong. */
export async function runEnds(client: WorkflowClient, { key, orderId, paymentId }: RunIds): Promise<string[]> {
  const ids = [checkoutWorkflowId(key), dispatchWorkflowId(orderId), refundWorkflowId(paymentId)];
  const read = async (): Promise<string[]> => {
    const statuses: string[] = [];
    // One after the other: a run that has ended starts no other, so that those it did start are there to be seen.
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
