import { RequestError } from '@hono/node-server';
import {
  isGrpcServiceError,
  QueryNotRegisteredError,
  ServiceError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';
import { StoreError } from '@widget-store/db';
import { PayloadKeyError } from '@widget-store/runtime/temporal';
import { failureTypes } from '@widget-store/contract';
import type { ProblemBody } from './openapi/schemas';
import { HTTPException } from 'hono/http-exception';

/**
 * The status phrases of RFC 9110, section 15. A problem of the type `about:blank` must have the phrase of its status as
 * its title (RFC 9457, 4.2.1).
 */
const statusPhrases = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  409: 'Conflict',
  412: 'Precondition Failed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  // RFC 6585.
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
} as const;

interface ProblemKind {
  status: keyof typeof statusPhrases;
  retryable: boolean;
}

/** All problems of the api. Their codes and statuses are part of the api's contract. */
export const problemKinds = {
  invalid_idempotency_key: { status: 400, retryable: false },
  invalid_json: { status: 400, retryable: false },
  invalid_page: { status: 400, retryable: false },
  invalid_request: { status: 400, retryable: false },
  admin_token_missing: { status: 401, retryable: false },
  webhook_unauthorized: { status: 401, retryable: false },
  admin_token_wrong: { status: 403, retryable: false },
  admin_token_read_only: { status: 403, retryable: false },
  checkout_failed: { status: 404, retryable: false },
  payment_unknown: { status: 404, retryable: false },
  checkout_unknown: { status: 404, retryable: false },
  order_unknown: { status: 404, retryable: false },
  buyer_unknown: { status: 404, retryable: false },
  refund_unknown: { status: 404, retryable: false },
  event_unknown: { status: 404, retryable: false },
  not_found: { status: 404, retryable: false },
  method_not_allowed: { status: 405, retryable: false },
  insufficient_stock: { status: 409, retryable: false },
  product_not_on_sale: { status: 409, retryable: false },
  order_dispatched: { status: 409, retryable: false },
  order_not_cancellable: { status: 409, retryable: false },
  order_not_refundable: { status: 409, retryable: false },
  order_not_ready: { status: 409, retryable: true },
  order_not_shippable: { status: 409, retryable: false },
  order_not_shipped: { status: 409, retryable: false },
  refund_not_settleable: { status: 409, retryable: false },
  no_money_to_keep: { status: 409, retryable: false },
  total_changed: { status: 409, retryable: false },
  order_changed: { status: 412, retryable: false },
  product_changed: { status: 412, retryable: false },
  body_too_large: { status: 413, retryable: false },
  unsupported_media_type: { status: 415, retryable: false },
  invalid_cart: { status: 422, retryable: false },
  invalid_adjustment: { status: 422, retryable: false },
  invalid_product: { status: 422, retryable: false },
  invalid_search: { status: 422, retryable: false },
  invalid_refund: { status: 422, retryable: false },
  invalid_return: { status: 422, retryable: false },
  invalid_shipment: { status: 422, retryable: false },
  refund_exceeds_captured: { status: 422, retryable: false },
  restock_exceeds_sold: { status: 422, retryable: false },
  product_unknown: { status: 422, retryable: false },
  mixed_currencies: { status: 422, retryable: false },
  idempotency_key_reused: { status: 422, retryable: false },
  payment_refused: { status: 422, retryable: false },
  invalid_payloads: { status: 422, retryable: false },
  payload_key_unknown: { status: 422, retryable: false },
  webhook_invalid: { status: 422, retryable: false },
  webhook_path_mismatch: { status: 422, retryable: false },
  webhook_mode_mismatch: { status: 422, retryable: false },
  webhook_amount_mismatch: { status: 422, retryable: false },
  rate_limited: { status: 429, retryable: true },
  internal: { status: 500, retryable: false },
  overloaded: { status: 503, retryable: true },
  product_busy: { status: 503, retryable: true },
  temporal_unavailable: { status: 503, retryable: true },
  gateway_unavailable: { status: 503, retryable: true },
  too_many_streams: { status: 503, retryable: true },
  postgres_unavailable: { status: 503, retryable: true },
} as const satisfies Record<string, ProblemKind>;

export type ProblemCode = keyof typeof problemKinds;

export const requestIdHeader = 'X-Request-Id';

/** The value of `Retry-After` for retryable problems that do not set this header. */
const retryAfterSeconds = 1;

type ProblemMembers = Pick<ProblemBody, 'total_minor'>;

/** An expected failure. The client gets its message as the `detail`. */
export class Problem extends Error {
  override readonly name = 'Problem';
  readonly code: ProblemCode;
  /** Additional headers for the response to this problem. */
  readonly headers: Record<string, string>;
  /** Additional members of the body (RFC 9457, 3.2). */
  readonly members: ProblemMembers;

  constructor(code: ProblemCode, detail: string, headers: Record<string, string> = {}, members: ProblemMembers = {}) {
    super(detail);
    this.code = code;
    this.headers = headers;
    this.members = members;
  }
}

/** The problem if another database session has locked the row of a product. */
const busyProduct = [
  'product_busy',
  'Somebody is changing a product. Nothing is lost. Try again in a moment.',
] as const;

/** Unknown and malformed order ids get the same answer. */
export const unknownOrder = ['order_unknown', 'There is no such order.'] as const;

/** Unknown and malformed product ids get the same answer. */
export const unknownProduct = ['not_found', 'There is no such product.'] as const;

/**
 * Maps every error to the problem that the client sees. An unexpected error becomes `internal`, which reveals nothing
 * about the error. Only the log contains the error.
 *
 * @param request the failed request. If its client has disconnected, an otherwise unexpected error becomes
 * `invalid_request`
 */
export function toProblem(error: unknown, request?: Pick<Request, 'signal'>): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof StoreError && error.code === failureTypes.databaseUnavailable) {
    return new Problem('postgres_unavailable', 'The database is not available at the moment.');
  }
  if (error instanceof StoreError && error.code === failureTypes.productBusy) return new Problem(...busyProduct);
  if (isTemporalAway(error)) {
    return new Problem('temporal_unavailable', 'The workflow service or its worker is not available at the moment.');
  }
  // The api cannot decrypt a payload. The problem is retryable, because the call succeeds after an operator has
  // configured the key of the payload.
  if (error instanceof PayloadKeyError) {
    return new Problem('temporal_unavailable', 'The store cannot read the data of the workflow service at the moment.');
  }
  if (error instanceof HTTPException && error.status === 413) {
    return new Problem('body_too_large', 'The request body is too large.');
  }
  if (error instanceof RequestError) return new Problem('invalid_request', 'The request cannot be read.');
  if (request?.signal.aborted) return new Problem('invalid_request', 'The request ended before it was complete.');
  return new Problem('internal', 'The store failed to handle this request.');
}

interface FailedRequest {
  /** The path of the request. */
  instance: string;
  requestId: string;
}

/** Creates the response for a problem, as `application/problem+json` (RFC 9457). */
export function problemResponse(
  { code, message, headers: ownHeaders, members }: Problem,
  { instance, requestId }: FailedRequest,
): Response {
  const { status, retryable } = problemKinds[code];
  const known = { type: 'about:blank', title: statusPhrases[status], status, detail: message, instance };
  const body: ProblemBody = { ...known, code, retryable, request_id: requestId, ...members };
  const headers = new Headers({
    'Content-Type': 'application/problem+json',
    'Cache-Control': 'no-store',
    [requestIdHeader]: requestId,
    ...ownHeaders,
  });
  if (retryable && !headers.has('Retry-After')) headers.set('Retry-After', String(retryAfterSeconds));
  return new Response(JSON.stringify(body), { status, headers });
}

/** gRPC status codes (grpc.io, "Status codes") of temporary failures. */
const transientGrpcCodes = new Set([
  1, // CANCELLED
  2, // UNKNOWN: the server is starting or stopping
  4, // DEADLINE_EXCEEDED
  5, // NOT_FOUND: a starting server has not loaded the namespace yet (an unknown run causes another error)
  8, // RESOURCE_EXHAUSTED
  9, // FAILED_PRECONDITION: a Query to a run whose workflow task fails; a corrected worker can answer it
  10, // ABORTED
  13, // INTERNAL
  14, // UNAVAILABLE
]);

function isTemporalAway(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  // A worker whose code cannot replay the run answers with this error. Another worker can have the right code.
  if (error instanceof QueryNotRegisteredError) return true;
  // Compares the name, because the package with the error's class is no dependency of the api at run time.
  if (error instanceof Error && error.name === 'NamespaceNotFoundError') return true;
  const grpcError = grpcErrorOf(error);
  return (isGrpcServiceError(grpcError) && transientGrpcCodes.has(grpcError.code)) || isMissingSearchAttribute(error);
}

/** The gRPC status INVALID_ARGUMENT. */
const invalidArgumentCodes = new Set<number>([3]);

/**
 * Whether Temporal refuses a start or a query because the namespace lacks a search attribute. Either somebody has
 * removed the attribute, or no worker has registered it yet. Every worker registers missing attributes when it starts,
 * and then every few seconds. Only the message distinguishes this error from other invalid arguments.
 */
export function isMissingSearchAttribute(error: unknown): boolean {
  const grpcError = grpcErrorOf(error);
  if (!isGrpcServiceError(grpcError) || !invalidArgumentCodes.has(grpcError.code)) return false;
  return /search attribute/i.test(grpcError.message);
}

function grpcErrorOf(error: unknown): unknown {
  return error instanceof ServiceError ? error.cause : error;
}
