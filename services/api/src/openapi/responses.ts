import { z } from '@hono/zod-openapi';
import { Problem, type ProblemCode, problemKinds } from '../problem';
import { problemSchema } from './schemas';

type Headers = Record<string, { description: string; schema: { type: 'string' | 'integer' } }>;

const header = (description: string, type: 'string' | 'integer' = 'string') => ({ description, schema: { type } });

/** Headers of answers with these statuses, whatever the call. */
const headersOf: Partial<Record<number, Headers>> = {
  401: { 'WWW-Authenticate': header('How to authenticate, when it is the admin token that is missing') },
  429: {
    'Retry-After': header('Seconds until this client may send again', 'integer'),
    RateLimit: header('What is left (draft-ietf-httpapi-ratelimit-headers)'),
    'RateLimit-Policy': header('The limit (draft-ietf-httpapi-ratelimit-headers)'),
  },
  503: { 'Retry-After': header('Seconds until another try may succeed', 'integer') },
};

export const replayedHeader = {
  'Idempotent-Replayed': header('`true` when an earlier request with this key got the same answer'),
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

/** Codes that a call with a JSON body may answer with because of that body. */
export const bodyProblems = ['invalid_json', 'body_too_large', 'unsupported_media_type'] as const;

/** Codes of calls that ask Postgres, and of those that ask Temporal and Postgres. */
export const postgresAway = ['postgres_unavailable'] as const;
export const anyAway = ['postgres_unavailable', 'temporal_unavailable'] as const;

/**
 * The problems that a call may answer with, one response a status; any call may be over the rate or fail inside. To the
 * types they are none: a handler throws them, and the storefront's client turns every one into a failure.
 */
export function problems(...codes: ProblemCode[]): object {
  const all: ProblemCode[] = [...codes, 'rate_limited', 'internal'];
  const statuses = new Set(all.map((code) => problemKinds[code].status));
  return Object.fromEntries(
    [...statuses].map((status) => [
      status,
      problemOf(
        status,
        all.filter((code) => problemKinds[code].status === status),
      ),
    ]),
  );
}

function problemOf(status: number, codes: ProblemCode[]) {
  const schema = problemSchema.extend({ status: z.literal(status), code: z.enum(codes) });
  const headers = headersOf[status];
  return {
    description: codes.map((code) => `\`${code}\``).join(', '),
    content: { 'application/problem+json': { schema } },
    ...(headers === undefined ? {} : { headers }),
  };
}

/** For the parameters of a route: what it answers when they do not fit. */
export function otherwise(code: ProblemCode, detail: string): (result: { success: boolean }) => undefined {
  return ({ success }) => {
    if (!success) throw new Problem(code, detail);
  };
}
