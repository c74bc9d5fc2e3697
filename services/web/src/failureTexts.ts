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
 * What is said over what a page still shows while its polls fail.
 *
 * @param dataUpdatedAt milliseconds since the epoch, 0 before the first answer
 */
export function staleText({ error, dataUpdatedAt }: { error: unknown; dataUpdatedAt: number }): string | null {
  const waiting = waitingText(error);
  if (waiting === null || dataUpdatedAt === 0) return waiting;
  return `${waiting} ${texts.asOf(formatTime(dataUpdatedAt))}`;
}
