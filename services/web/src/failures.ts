import type { ProblemBody } from '@widget-store/api';
import { parseRetryAfterMs } from './retry.js';

/**
 * What can go wrong with a call, as the pages tell it apart.
 *
 * - `away`: no answer, or one that asks to come back later; the same call may succeed later.
 * - `sold_out`: the checkout ended without stock. It is final for its idempotency key.
 * - `gateway_away`: the same, but it is the payment gateway that does not answer.
 * - `rate_limited`: the same, but it is this client that asks too often.
 * - `too_late`: the order is dispatched and cannot be cancelled any more.
 * - `not_found`, `not_allowed`, `refused`: the api understood the call and said no.
 * - `broken`: an answer that fits no contract.
 */
export type FailureCode =
  | 'away'
  | 'gateway_away'
  | 'rate_limited'
  | 'sold_out'
  | 'too_late'
  | 'not_found'
  | 'not_allowed'
  | 'refused'
  | 'broken';

interface FailureOptions {
  code: FailureCode;
  /** The api's own sentence, when it sent a problem body. */
  detail?: string;
  /** How long the api asked to wait. */
  retryAfterMs?: number;
}

/** What `StoreApi` rejects with; any other error it lets through is an answer that cannot be read. */
export class StoreFailure extends Error {
  readonly code: FailureCode;
  readonly detail: string | null;
  readonly retryAfterMs: number | null;

  constructor({ code, detail, retryAfterMs }: FailureOptions) {
    super(detail ?? code);
    this.name = 'StoreFailure';
    this.code = code;
    this.detail = detail ?? null;
    this.retryAfterMs = retryAfterMs ?? null;
  }
}

/** The code of anything that was thrown; an error that is not ours is `broken`. */
export function failureCode(error: unknown): FailureCode {
  return error instanceof StoreFailure ? error.code : 'broken';
}

/** Whether the same call may succeed later. */
export function isAway(error: unknown): boolean {
  const code = failureCode(error);
  return code === 'away' || code === 'gateway_away' || code === 'rate_limited';
}

/** The api's own sentence about the failure, or null. */
export function failureDetail(error: unknown): string | null {
  return error instanceof StoreFailure ? error.detail : null;
}

/** How long the api asked to wait, or null. */
export function retryAfterMsOf(error: unknown): number | null {
  return error instanceof StoreFailure ? error.retryAfterMs : null;
}

/** The failure that a response with a status outside 200 to 299 stands for. */
export function failureFrom({
  status,
  headers,
  body,
}: {
  status: number;
  headers: Headers;
  body: string;
}): StoreFailure {
  const problem = problemFrom({ headers, body });
  const detail = problem?.detail ?? '';
  const said = detail === '' ? {} : { detail };
  if (problem?.retryable === true || isAwayStatus(status)) {
    const retryAfterMs = parseRetryAfterMs({ header: headers.get('retry-after'), nowMs: Date.now() });
    const wait = retryAfterMs === null ? {} : { retryAfterMs };
    return new StoreFailure({ code: awayCode({ status, problemCode: problem?.code }), ...said, ...wait });
  }
  const code = finalCode({ status, problemCode: problem?.code });
  return new StoreFailure({ code, ...said });
}

/** 502 and 504 come from a proxy whose api is restarting; 429 and 503 are the api's own. */
function isAwayStatus(status: number): boolean {
  return status === 429 || status === 502 || status === 503 || status === 504;
}

function awayCode({ status, problemCode }: { status: number; problemCode: string | undefined }): FailureCode {
  if (status === 429) return 'rate_limited';
  return problemCode === 'gateway_unavailable' ? 'gateway_away' : 'away';
}

function finalCode({ status, problemCode }: { status: number; problemCode: string | undefined }): FailureCode {
  if (problemCode === 'order_dispatched') return 'too_late';
  if (problemCode === 'checkout_failed') return 'sold_out';
  if (status === 401 || status === 403) return 'not_allowed';
  if (status === 404) return 'not_found';
  return status >= 400 && status < 500 ? 'refused' : 'broken';
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
