import { ApplicationFailure, proxyActivities } from '@temporalio/workflow';

const { look } = proxyActivities<{ look(address: string): Promise<string> }>({
  startToCloseTimeout: '10 seconds',
  retry: { maximumAttempts: 1 },
});

/**
 * A workflow that handles personal data and includes it in its failure. `how` says whether and where the workflow
 * fails.
 */
export async function checkout({ address, how }: { address: string; how: 'activity' | 'workflow' | 'not' }) {
  if (how === 'workflow') throw ApplicationFailure.nonRetryable(`nobody lives at ${address}`, 'Nobody', { address });
  return look(how === 'activity' ? `nowhere: ${address}` : address);
}
