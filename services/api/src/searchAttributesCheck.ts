import type { WorkflowClient } from '@temporalio/client';
import { searchAttributeNames } from '@widget-store/contract';
import { isMissingSearchAttribute } from './problem';

/** Must be shorter than the deadline of a readiness check. */
const deadlineMs = 1500;
const trustedForMs = 10_000;
/** A query that finds no run. Temporal refuses the query if one of its search attributes is not registered. */
const query = Object.values(searchAttributeNames)
  .map((name) => `${name} = 'none'`)
  .join(' AND ');

/**
 * Creates a readiness check. The check rejects if the namespace lacks a search attribute of the store's runs, because
 * Temporal then refuses to start any run. The check resolves if Temporal does not answer, because another check reports
 * that failure. After a success, the check does not ask Temporal again for ten seconds.
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
