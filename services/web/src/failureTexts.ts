import { type FailureCode, failureCode, failureDetail, isAway } from './failures.js';
import { formatTime } from './format.js';
import { texts } from './texts.js';

/** The text for a failed call that is retried automatically; null for any other. */
export function waitingText(error: unknown): string | null {
  if (!isAway(error)) return null;
  switch (failureCode(error)) {
    case 'gateway_away':
      return texts.payment.gatewayAway;
    case 'rate_limited':
      return texts.rateLimited;
    default:
      return navigator.onLine ? texts.away : texts.waitingForNetwork;
  }
}

/**
 * The text for a failed call that is not retried; null for one that is, and without an error.
 *
 * @param own texts that replace the general ones, by failure code
 */
export function finalText(error: unknown, own: Partial<Record<FailureCode, string>> = {}): string | null {
  if (error === null || isAway(error)) return null;
  const code = failureCode(error);
  if (own[code] !== undefined) return own[code];
  return code === 'refused' || code === 'not_allowed' ? texts.refused(failureDetail(error)) : texts.broken;
}

/**
 * The text above data that cannot be refreshed at the moment. Null without a failure, and offline, where the layout has a text.
 *
 * @param dataUpdatedAt milliseconds since the epoch, 0 before the first answer
 */
export function staleText({ failureReason, dataUpdatedAt }: { failureReason: unknown; dataUpdatedAt: number }) {
  const waiting = waitingText(failureReason);
  if (waiting === null || !navigator.onLine) return null;
  return dataUpdatedAt === 0 ? waiting : `${waiting} ${texts.asOf(formatTime(dataUpdatedAt))}`;
}
