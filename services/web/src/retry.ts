const firstDelayMs = 500;
const maxDelayMs = 8_000;
const maxRetryAfterMs = 60_000;

interface RetryDelay {
  /** 0 after the first failure. */
  attempt: number;
  /** The value of `Retry-After`; null without the header. */
  retryAfterMs: number | null;
  /** A random number from 0 to 1. */
  random: number;
}

/**
 * The delay before a retry. The delay doubles from 500 ms to 8 s. A random part of up to a quarter is subtracted, so
 * that many pages do not retry at the same moment. If `Retry-After` is longer, the delay is `Retry-After`, up to a
 * minute.
 *
 * @returns milliseconds
 */
export function retryDelayMs({ attempt, retryAfterMs, random }: RetryDelay): number {
  const backoffMs = Math.min(firstDelayMs * 2 ** Math.min(attempt, 16), maxDelayMs);
  const jitteredMs = backoffMs * (0.75 + 0.25 * random);
  const minimumMs = Math.min(retryAfterMs ?? 0, maxRetryAfterMs);
  return Math.round(Math.max(jitteredMs, minimumMs));
}

/**
 * Parses `Retry-After`, which is a number of seconds or a date (RFC 9110, 10.2.3).
 *
 * @returns milliseconds from now, never negative; null if the header is missing or invalid
 */
export function parseRetryAfterMs({ header, nowMs }: { header: string | null; nowMs: number }): number | null {
  if (header === null || header.trim() === '') return null;
  if (/^\s*\d+\s*$/.test(header)) return Number(header) * 1_000;
  const dateMs = Date.parse(header);
  return Number.isNaN(dateMs) ? null : Math.max(0, dateMs - nowMs);
}

/**
 * The delay before the next poll: the usual interval or, if `Retry-After` is longer, `Retry-After` up to a minute.
 *
 * @returns milliseconds
 */
export function pollDelayMs({ intervalMs, retryAfterMs }: { intervalMs: number; retryAfterMs: number | null }): number {
  return Math.max(intervalMs, Math.min(retryAfterMs ?? 0, maxRetryAfterMs));
}
