import { type FailureCode, failureCode, failureDetail, isAway } from './failures.js';
import { formatTime } from './format.js';
import { texts } from './texts.js';

/** What is said of a failed call while it is tried again by itself; null for one that is not. */
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
 * What is said of a failed call that is not tried again; null for one that is, and for none.
 *
 * @param own what the failure means in this place, where it means more than everywhere
 */
export function finalText(error: unknown, own: Partial<Record<FailureCode, string>> = {}): string | null {
  if (error === null || isAway(error)) return null;
  const code = failureCode(error);
  if (own[code] !== undefined) return own[code];
  return code === 'refused' || code === 'not_allowed' ? texts.refused(failureDetail(error)) : texts.broken;
}

/**
 * What is said over what a page still shows while it cannot be looked at again. Offline is said once, for all of the page.
 *
 * @param dataUpdatedAt milliseconds since the epoch, 0 before the first answer
 */
export function staleText({ failureReason, dataUpdatedAt }: { failureReason: unknown; dataUpdatedAt: number }) {
  const waiting = waitingText(failureReason);
  if (waiting === null || !navigator.onLine) return null;
  return dataUpdatedAt === 0 ? waiting : `${waiting} ${texts.asOf(formatTime(dataUpdatedAt))}`;
}
