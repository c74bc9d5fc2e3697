import type { WorkflowClient } from '@temporalio/client';
import { searchAttributeNames } from '@widget-store/contract';
import { isMissingSearchAttribute } from './problem';

/** Shorter than the deadline of a readiness check. */
const deadlineMs = 1500;
const trustedForMs = 10_000;
/** Finds nothing. Temporal refuses it while one of the names is not registered. */
const query = Object.values(searchAttributeNames)
  .map((name) => `${name} = 'none'`)
  .join(' AND ');

/**
 * A readiness check that rejects while the namespace lacks a search attribute of our runs, because Temporal then refuses every
 * start. It resolves when Temporal does not answer, which is the finding of another check. A success counts for ten seconds.
 */
export function createSearchAttributesCheck(
  workflows: Pick<WorkflowClient, 'count' | 'withDeadline'>,
): () => Promise<void> {
  let trustedUntilMs = 0;
  return async () => {
    if (Date.now() < trustedUntilMs) return;
    try {
      await workflows.withDeadline(Date.now() + deadlineMs, () => workflows.count(query));
      trustedUntilMs = Date.now() + trustedForMs;
    } catch (error) {
      if (!isMissingSearchAttribute(error)) return;
      throw new Error('the Temporal namespace lacks a search attribute of the store', { cause: error });
    }
  };
}
