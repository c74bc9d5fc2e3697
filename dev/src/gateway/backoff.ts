const firstMs = 200;
const longestMs = 30_000;
/** A receiver may ask for more patience than we have by ourselves, but not for any amount of it. */
const longestRetryAfterMs = 60 * 60_000;

/**
 * Milliseconds until the next attempt: twice as long after each failure, and somewhere in the upper half of that, so that
 * receivers that come back are not met by everything at once.
 *
 * @param failures how many attempts have failed, at least 1
 * @param retryAfterMs what the receiver asked for; it is waited for at least
 * @param random between 0 and 1
 */
export function backoffMs(failures: number, { retryAfterMs = 0, random }: { retryAfterMs?: number; random: number }) {
  const wholeMs = Math.min(firstMs * 2 ** (failures - 1), longestMs);
  const jitteredMs = wholeMs / 2 + (wholeMs / 2) * random;
  return Math.max(jitteredMs, Math.min(retryAfterMs, longestRetryAfterMs));
}

/**
 * Milliseconds that a `Retry-After` header asks for: seconds or an HTTP date (RFC 9110, section 10.2.3). Undefined when
 * there is none or it is neither.
 */
export function parseRetryAfter(header: string | null, nowMs: number): number | undefined {
  if (header === null) return undefined;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? undefined : Math.max(0, dateMs - nowMs);
}
