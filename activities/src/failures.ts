import { ApplicationFailure } from '@temporalio/common';
import {
  type Activities,
  type FailureType,
  type NewTotal,
  nonRetryableFailureTypes,
  rejectionTypes,
} from '@widget-store/contract';
import type { Monitor } from './reconcile/deps';

/**
 * Turns database and gateway errors into ApplicationFailures with one of the `failureTypes`. Many people can read the
 * failures in a workflow history, and a driver's message contains SQL and parameters. A failure therefore does not have
 * the original error as its cause. The monitor counts the failures that only a person can resolve.
 */
export function withApplicationFailures(activities: Activities, monitor: Pick<Monitor, 'countRejection'>): Activities {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input: unknown) => {
      try {
        return await activity(input);
      } catch (error) {
        if (!isExpected(error)) throw error;
        const rejection = rejectionTypes.find((type) => type === error.code);
        if (rejection !== undefined) monitor.countRejection(rejection);
        throw toFailure(error);
      }
    },
  ]);
  return Object.fromEntries(wrapped);
}

function toFailure({ code, message, totalMinor }: ExpectedError): ApplicationFailure {
  const nonRetryable = nonRetryableFailureTypes.includes(code);
  const details: NewTotal[] = totalMinor === undefined ? [] : [{ totalMinor }];
  return ApplicationFailure.create({ type: code, message, nonRetryable, details });
}

/** What StoreError and GatewayError have in common. An error with the code `TotalChanged` also has the new total. */
interface ExpectedError extends Error, Partial<NewTotal> {
  code: FailureType;
}

const expectedNames = new Set(['StoreError', 'GatewayError']);

/**
 * Whether the error is a StoreError or a GatewayError. Compares names instead of classes, because two copies of a
 * module, or two realms of a test runner, have different classes with the same name.
 */
function isExpected(error: unknown): error is ExpectedError {
  return error instanceof Error && expectedNames.has(error.name) && 'code' in error;
}
