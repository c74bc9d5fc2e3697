import { type FailureCode, failureCode, failureDetail, isRetryable } from './failures.js';
import { formatTime } from './format.js';
import { texts } from './texts.js';

/** The text for a failed call that is retried automatically. Null for every other error. */
export function retryingText(error: unknown): string | null {
  if (!isRetryable(error)) return null;
  switch (failureCode(error)) {
    case 'gateway_unavailable':
      return texts.payment.gatewayUnavailable;
    case 'busy':
      return texts.busy;
    case 'rate_limited':
      return texts.rateLimited;
    default:
      return navigator.onLine ? texts.unavailable : texts.waitingForNetwork;
  }
}

/**
 * The text for a failed call that is not retried. Null if the call is retried, or if there is no error.
 *
 * @param overrides texts by failure code, which replace the general texts
 */
export function errorText(error: unknown, overrides: Partial<Record<FailureCode, string>> = {}): string | null {
  if (error === null || isRetryable(error)) return null;
  const code = failureCode(error);
  if (overrides[code] !== undefined) return overrides[code];
  return code === 'refused' || code === 'not_allowed' ? texts.refused(failureDetail(error)) : texts.unexpected;
}

/**
 * The warning for data that the page cannot refresh at the moment. Null unless the last refresh has failed and is being
 * retried. Also null if the browser is offline, because the layout already shows a notice about that.
 *
 * @param dataUpdatedAt the time of the last answer in milliseconds since the epoch; 0 before the first answer
 */
export function staleText({ failureReason, dataUpdatedAt }: { failureReason: unknown; dataUpdatedAt: number }) {
  const waiting = retryingText(failureReason);
  if (waiting === null || !navigator.onLine) return null;
  return dataUpdatedAt === 0 ? waiting : `${waiting} ${texts.lastUpdated(formatTime(dataUpdatedAt))}`;
}
