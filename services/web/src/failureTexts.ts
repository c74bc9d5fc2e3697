import { type FailureCode, failureCode, failureDetail, isRetryable } from './failures.js';
import { formatTime } from './format.js';
import { texts } from './texts.js';

/** The text for a failed call that is retried automatically; null for any other. */
export function retryingText(error: unknown): string | null {
  if (!isRetryable(error)) return null;
  switch (failureCode(error)) {
    case 'gateway_unavailable':
      return texts.payment.gatewayUnavailable;
    case 'rate_limited':
      return texts.rateLimited;
    default:
      return navigator.onLine ? texts.unavailable : texts.waitingForNetwork;
  }
}

/**
 * The text for a failed call that is not retried; null for one that is, and without an error.
 *
 * @param overrides texts that replace the general ones, by failure code
 */
export function errorText(error: unknown, overrides: Partial<Record<FailureCode, string>> = {}): string | null {
  if (error === null || isRetryable(error)) return null;
  const code = failureCode(error);
  if (overrides[code] !== undefined) return overrides[code];
  return code === 'refused' || code === 'not_allowed' ? texts.refused(failureDetail(error)) : texts.unexpected;
}

/**
 * The text above data that cannot be refreshed at the moment. Null without a failure, and offline, where the layout has a text.
 *
 * @param dataUpdatedAt milliseconds since the epoch, 0 before the first answer
 */
export function staleText({ failureReason, dataUpdatedAt }: { failureReason: unknown; dataUpdatedAt: number }) {
  const waiting = retryingText(failureReason);
  if (waiting === null || !navigator.onLine) return null;
  return dataUpdatedAt === 0 ? waiting : `${waiting} ${texts.lastUpdated(formatTime(dataUpdatedAt))}`;
}
