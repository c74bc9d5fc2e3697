import { HTTPException } from 'hono/http-exception';

const problemKinds = {
  malformed_json: [400, 'Bad Request'],
  invalid_query: [400, 'Bad Request'],
  invalid_idempotency_key: [400, 'Bad Request'],
  unauthorized: [401, 'Unauthorized'],
  not_found: [404, 'Not Found'],
  payment_unknown: [404, 'Not Found'],
  buyer_unknown: [404, 'Not Found'],
  refund_unknown: [404, 'Not Found'],
  dispute_unknown: [404, 'Not Found'],
  method_not_allowed: [405, 'Method Not Allowed'],
  payment_mismatch: [409, 'Conflict'],
  payment_open: [409, 'Conflict'],
  refund_mismatch: [409, 'Conflict'],
  refund_failed: [409, 'Conflict'],
  dispute_mismatch: [409, 'Conflict'],
  dispute_closed: [409, 'Conflict'],
  body_too_large: [413, 'Content Too Large'],
  invalid_body: [422, 'Unprocessable Content'],
  refund_too_large: [422, 'Unprocessable Content'],
  dispute_too_large: [422, 'Unprocessable Content'],
  internal: [500, 'Internal Server Error'],
} as const;

export type ProblemCode = keyof typeof problemKinds;

/** An expected failure. Its detail is written for the client. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;

  constructor(code: ProblemCode, detail: string) {
    super(detail);
    this.code = code;
  }
}

/** The only function that decides what the client sees of an error. It hides the message of an unexpected error. */
export function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException && error.status === 413) {
    return new Problem('body_too_large', 'The request body is too large.');
  }
  return new Problem('internal', 'The gateway failed to handle this request.');
}

/** @param instance path of the request (RFC 9457) */
export function problemResponse({ code, message }: Problem, instance: string): Response {
  const [status, title] = problemKinds[code];
  const body = { type: 'about:blank', title, status, detail: message, instance, code, retryable: status === 500 };
  const headers = new Headers({ 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' });
  if (code === 'unauthorized') headers.set('WWW-Authenticate', 'Bearer');
  return new Response(JSON.stringify(body), { status, headers });
}
