import type { WorkflowClient } from '@temporalio/client';
import { checkoutWorkflowId } from '@widget-store/contract';
import { eventually } from '../eventually';

/** Deletes the checkout run of a key, as Temporal does when the retention of a closed run ends. */
export async function forgetCheckout(client: WorkflowClient, key: string): Promise<void> {
  const { namespace } = client.options;
  const workflowId = checkoutWorkflowId(key);
  await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution: { workflowId } });
  const nameOfLoss = (): Promise<string> =>
    client
      .getHandle(workflowId)
      .describe()
      .then(
        () => 'there',
        (error: Error) => error.name,
      );
  await eventually(nameOfLoss, (name) => name === 'WorkflowNotFoundError');
}
