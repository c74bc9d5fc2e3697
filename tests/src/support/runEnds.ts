import { type WorkflowClient, WorkflowNotFoundError } from '@temporalio/client';
import { checkoutWorkflowId, dispatchWorkflowId, refundWorkflowId } from '@widget-store/workflows/contract';
import { eventually } from './eventually';

interface RunIds {
  key: string;
  orderId: string;
  paymentId: string;
}

/** Waits until no run of an order is open, and gives how each ended: `COMPLETED` where nothing went wrong. */
export async function runEnds(client: WorkflowClient, { key, orderId, paymentId }: RunIds): Promise<string[]> {
  const ids = [checkoutWorkflowId(key), dispatchWorkflowId(orderId), refundWorkflowId(paymentId)];
  return eventually(
    async () => (await Promise.all(ids.map((id) => statusOf(client, id)))).filter((status) => status !== 'NONE'),
    (statuses) => !statuses.includes('RUNNING'),
    { deadlineMs: 60_000 },
  );
}

async function statusOf(client: WorkflowClient, workflowId: string): Promise<string> {
  try {
    return (await client.getHandle(workflowId).describe()).status.name;
  } catch (error) {
    if (error instanceof WorkflowNotFoundError) return 'NONE';
    throw error;
  }
}
