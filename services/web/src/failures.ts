import type { ProblemBody } from '@widget-store/api';
import { parseRetryAfterMs } from './retry.js';

/**
 * Why a call failed. The shop's pages retry a call that failed with one of the first four codes.
 *
 * - `unavailable`: the store does not answer, or answers that it is unavailable.
 * - `gateway_unavailable`: the payment gateway does not answer.
 * - `busy`: somebody is changing a product of the order.
 * - `rate_limited`: this client sends too many requests.
 * - `sold_out`: there was not enough stock for the checkout. The idempotency key cannot be used again.
 * - `total_changed`: the order no longer costs what the page has shown. Nothing was ordered. The shopper must confirm
 *   the new total, and the page then sends it with a new idempotency key.
 * - `too_late`: the order is shipped and can no longer be cancelled.
 * - `not_found`, `not_allowed`, `refused`: the api rejected the call.
 * - `unexpected`: a server error, or an answer that does not match the contract.
 */
export type FailureCode =
  | 'unavailable'
  | 'gateway_unavailable'
  | 'busy'
  | 'rate_limited'
  | 'sold_out'
  | 'total_changed'
  | 'too_late'
  | 'not_found'
  | 'not_allowed'
  | 'refused'
  | 'unexpected';

interface FailureOptions {
  code: FailureCode;
  /** The `detail` of the problem body, if any. */
  detail?: string;
  /** The value of `Retry-After`. */
  retryAfterMs?: number;
  /** The new total of the order, in minor units, if the code is `total_changed`. */
  totalMinor?: number;
}

/** The error of a `StoreApi` call. A call rejects with another error only if its response cannot be parsed. */
export class StoreFailure extends Error {
  readonly code: FailureCode;
  readonly detail: string | null;
  readonly retryAfterMs: number | null;
  readonly totalMinor: number | null;

  constructor({ code, detail, retryAfterMs, totalMinor }: FailureOptions) {
    super(detail ?? code);
    this.name = 'StoreFailure';
    this.code = code;
    this.detail = detail ?? null;
    this.retryAfterMs = retryAfterMs ?? null;
    this.totalMinor = totalMinor ?? null;
  }
}

/** @returns the code of a thrown value; `unexpected` if the value is not a `StoreFailure` */
export function failureCode(error: unknown): FailureCode {
  return error instanceof StoreFailure ? error.code : 'unexpected';
}

const retryableCodes = new Set<FailureCode>(['unavailable', 'gateway_unavailable', 'busy', 'rate_limited']);

/** Whether the shop's pages retry a call that failed with this error. */
export function isRetryable(error: unknown): boolean {
  return retryableCodes.has(failureCode(error));
}

export function isNotFound(error: unknown): boolean {
  return failureCode(error) === 'not_found';
}

/**
 * Handles the error of a call that crashes the api. The crash breaks the connection, so the code `unavailable` is
 * treated as a success.
 */
export function ignoreUnavailable(error: unknown): void {
  if (failureCode(error) !== 'unavailable') throw error;
}

/** @returns the `detail` of the api's problem body, or null */
export function failureDetail(error: unknown): string | null {
  return error instanceof StoreFailure ? error.detail : null;
}

/** @returns the new total of a checkout that failed with `total_changed`, in minor units, or null */
export function newTotalOf(error: unknown): number | null {
  return error instanceof StoreFailure ? error.totalMinor : null;
}

/** @returns the time from `Retry-After` in milliseconds, or null */
export function retryAfterMsOf(error: unknown): number | null {
  return error instanceof StoreFailure ? error.retryAfterMs : null;
}

/** Converts a response with a status other than 2xx to a failure. */
export function toFailure({ status, headers, body }: { status: number; headers: Headers; body: string }): StoreFailure {
  const problem = problemFrom({ headers, body });
  const detail = problem?.detail ?? '';
  const withDetail = detail === '' ? {} : { detail };
  if (problem?.retryable === true || isRetryableStatus(status)) {
    const retryAfterMs = parseRetryAfterMs({ header: headers.get('retry-after'), nowMs: Date.now() });
    const wait = retryAfterMs === null ? {} : { retryAfterMs };
    return new StoreFailure({ code: retryableCode({ status, problemCode: problem?.code }), ...withDetail, ...wait });
  }
  const code = finalCode({ status, problemCode: problem?.code });
  const totalMinor = problem?.total_minor;
  return new StoreFailure({ code, ...withDetail, ...(totalMinor !== undefined && { totalMinor }) });
}

/** A proxy sends 502 and 504 while the api restarts. The api itself sends 429 and 503. */
function isRetryableStatus(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

function retryableCode({ status, problemCode }: { status: number; problemCode: string | undefined }): FailureCode {
  if (status === 429) return 'rate_limited';
  if (problemCode === 'product_busy') return 'busy';
  return problemCode === 'gateway_unavailable' ? 'gateway_unavailable' : 'unavailable';
}

function finalCode({ status, problemCode }: { status: number; problemCode: string | undefined }): FailureCode {
  if (problemCode === 'order_dispatched') return 'too_late';
  if (problemCode === 'checkout_failed') return 'sold_out';
  if (problemCode === 'total_changed') return 'total_changed';
  if (problemCode === 'admin_token_read_only') return 'refused';
  if (status === 401 || status === 403) return 'not_allowed';
  if (status === 404) return 'not_found';
  return status >= 400 && status < 500 ? 'refused' : 'unexpected';
}

function problemFrom({ headers, body }: { headers: Headers; body: string }): Partial<ProblemBody> | null {
  if (headers.get('content-type')?.includes('json') !== true) return null;
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' ? parsed : null;
  } catch {
    return null;
  }
}
