/** The longest wait that a receiver may ask for. */
const longestRetryAfterMs = 60 * 60_000;

export interface Backoff {
  firstMs: number;
  longestMs: number;
}

/**
 * Returns the milliseconds until the next attempt. The wait doubles with each failure, up to `longestMs`. A random part
 * of the wait, at most half, is left out. A receiver therefore does not get all webhooks at the same time after an
 * outage.
 *
 * @param failures number of failed attempts, at least 1
 * @param wait.retryAfterMs the wait that the receiver's last answer asked for
 * @param wait.random between 0 and 1
 */
export function backoffMs(
  failures: number,
  wait: Backoff & { retryAfterMs?: number | undefined; random: number },
): number {
  const { firstMs, longestMs, retryAfterMs = 0, random } = wait;
  const wholeMs = Math.min(firstMs * 2 ** (failures - 1), longestMs);
  const jitteredMs = wholeMs / 2 + (wholeMs / 2) * random;
  return Math.max(jitteredMs, Math.min(retryAfterMs, longestRetryAfterMs));
}

/**
 * Returns the milliseconds that a `Retry-After` header asks for. The header has seconds or an HTTP date (RFC 9110,
 * section 10.2.3).
 *
 * @returns undefined if the header is missing or invalid
 */
export function parseRetryAfter(header: string | null | undefined, nowMs: number): number | undefined {
  if (header === null || header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
