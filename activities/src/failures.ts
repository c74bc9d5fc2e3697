import { ApplicationFailure } from '@temporalio/common';
import type { StoreError } from '@widget-store/db';
import { type Activities, nonRetryableFailureTypes } from '@widget-store/workflows/contract';

/**
 * Wraps activities so that what leaves them is an ApplicationFailure with a type of the contract. It takes the code and
 * our sentence and drops the cause: a driver's message carries SQL and parameters, and a history is read by many.
 */
export function throwingFailures(activities: Activities): Activities {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input: unknown) => {
      try {
        return await activity(input);
      } catch (error) {
        throw isStoreError(error) ? toFailure(error) : error;
      }
    },
  ]);
  return Object.fromEntries(wrapped);
}

function toFailure({ code, message }: StoreError): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message, nonRetryable: nonRetryableFailureTypes.includes(code) });
}

/** By name, because two copies of a module (or a test runner's realms) have two classes of one name. */
function isStoreError(error: unknown): error is StoreError {
  return error instanceof Error && error.name === 'StoreError';
}
