import { z } from '@hono/zod-openapi';
import { Problem, type ProblemCode, problemKinds } from '../problem';
import { problemSchema } from './schemas';

type Headers = Record<string, { description: string; schema: { type: 'string' | 'integer' } }>;

const header = (description: string, type: 'string' | 'integer' = 'string') => ({ description, schema: { type } });

export const retryAfterHeader = { 'Retry-After': header('Seconds until a retry may succeed', 'integer') };

/** Headers that every answer with one of these statuses has. */
const headersOf: Partial<Record<number, Headers>> = {
  401: { 'WWW-Authenticate': header('How to authenticate; only when the admin token is missing') },
  429: {
    'Retry-After': header('Seconds until this client may send again', 'integer'),
    RateLimit: header('The remaining requests (draft-ietf-httpapi-ratelimit-headers)'),
    'RateLimit-Policy': header('The limit (draft-ietf-httpapi-ratelimit-headers)'),
  },
  503: retryAfterHeader,
};

export const replayedHeader = {
  'Idempotent-Replayed': header('`true` when an earlier request with this key placed the order'),
};

export const linkHeader = { Link: header('The next page, `rel="next"` (RFC 8288); absent on the last one') };

export function jsonResponse<Schema extends z.ZodType>(schema: Schema, description: string, headers: Headers = {}) {
  return { description, headers, content: { 'application/json': { schema } } };
}

export function textResponse<Schema extends z.ZodType<string>>(
  schema: Schema,
  description: string,
  headers: Headers = {},
) {
  return { description, headers, content: { 'text/plain': { schema } } };
}

/** Problems of the body of a call that takes JSON. */
export const bodyProblems = ['invalid_json', 'body_too_large', 'unsupported_media_type'] as const;

/** Problems of calls that need Postgres, of calls that need Postgres and Temporal, and of admin calls. */
export const postgresProblems = ['postgres_unavailable'] as const;
export const backendProblems = ['postgres_unavailable', 'temporal_unavailable'] as const;
export const adminProblems = ['admin_token_missing', 'admin_token_wrong'] as const;

/**
 * The problems that a call may answer with, one response for each status; every call may be rate limited or fail
 * internally. The return type hides them from the typed client: handlers throw them, and the storefront's client turns
 * each into a failure.
 */
export function problems(...codes: ProblemCode[]): object {
  const all: ProblemCode[] = [...codes, 'rate_limited', 'internal'];
  const statuses = new Set(all.map((code) => problemKinds[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      problemWithStatus(
        status,
        all.filter((code) => problemKinds[code].status === status),
      ),
    ]),
  );
}

function problemWithStatus(status: number, codes: ProblemCode[]) {
  const schema = problemSchema.extend({ status: z.literal(status), code: z.enum(codes) });
  const headers = headersOf[status];
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    content: { 'application/problem+json': { schema } },
    ...(headers === undefined ? {} : { headers }),
  };
}

/** The hook of a route that throws this problem when its parameters are invalid. */
export function onInvalid(code: ProblemCode, detail: string): (result: { success: boolean }) => undefined {
  return ({ success }) => {
    if (!success) throw new Problem(code, detail);
  };
}
