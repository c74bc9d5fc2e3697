import { ApplicationFailure } from '@temporalio/common';
import { type Activities, type FailureType, nonRetryableFailureTypes } from '@widget-store/contract';

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
        throw isExpected(error) ? toFailure(error) : error;
      }
    },
  ]);
  return Object.fromEntries(wrapped);
}

function toFailure({ code, message }: ExpectedError): ApplicationFailure {
  return ApplicationFailure.create({ type: code, message, nonRetryable: nonRetryableFailureTypes.includes(code) });
}

/** What StoreError and GatewayError have in common. */
interface ExpectedError extends Error {
  code: FailureType;
}

const expectedNames = new Set(['StoreError', 'GatewayError']);

/** By name, because two copies of a module (or a test runner's realms) have two classes of one name. */
function isExpected(error: unknown): error is ExpectedError {
  return error instanceof Error && expectedNames.has(error.name) && 'code' in error;
}
