import { z } from '@hono/zod-openapi';
import { Problem, type ProblemCode, problemKinds } from '../problem';
import { problemSchema } from './schemas';

type Headers = Record<string, { description: string; schema: { type: 'string' | 'integer' } }>;

const header = (description: string, type: 'string' | 'integer' = 'string') => ({ description, schema: { type } });

export const retryAfterHeader = { 'Retry-After': header('How many seconds to wait before a retry', 'integer') };

/** The headers of a response, by its status. */
const headersOf: Partial<Record<number, Headers>> = {
  401: { 'WWW-Authenticate': header('How to authenticate. Present only if the admin token is missing') },
  429: {
    'Retry-After': header('How many seconds this client must wait before its next request', 'integer'),
    RateLimit: header('The remaining requests (draft-ietf-httpapi-ratelimit-headers)'),
    'RateLimit-Policy': header('The limit (draft-ietf-httpapi-ratelimit-headers)'),
  },
  503: retryAfterHeader,
};

export const replayedHeader = {
  'Idempotent-Replayed': header('`true` if an earlier request with the same key had the effect, and this one had none'),
};

export const linkHeader = {
  Link: header('The address of the next page, with `rel="next"` (RFC 8288). Absent on the last page'),
};

export const catalogueLinkHeader = {
  Link: header('The addresses of the next and the previous page, with `rel="next"` and `rel="prev"` (RFC 8288)'),
};

export const etagHeader = {
  ETag: header('Send this value as `If-None-Match`. The response is 304 as long as the content is the same'),
};

export const versionHeader = {
  ETag: header('The version of the product or order. Send this value as `If-Match` with a change'),
};

export const createdHeaders = { ...versionHeader, ...replayedHeader, Location: header('The path of the product') };

/**
 * The type `object` hides the 304 from the typed client, because the browser replaces the 304 with its cached response.
 */
export const notModified: object = {
  304: { description: 'The content is the same as the one that `If-None-Match` names' },
};

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

/** The problems of every call that takes a JSON body. */
export const bodyProblems = ['invalid_json', 'body_too_large', 'unsupported_media_type'] as const;

export const postgresProblems = ['postgres_unavailable'] as const;
export const backendProblems = ['postgres_unavailable', 'temporal_unavailable'] as const;
export const adminReadProblems = ['admin_token_missing', 'admin_token_wrong'] as const;
export const adminProblems = [...adminReadProblems, 'admin_token_read_only'] as const;

/**
 * Describes the problems of a call, with one response for each status. Adds `rate_limited` and `internal`, which every
 * call can have. The return type hides the problems from the typed client, because the storefront turns every failed
 * response into a `StoreFailure`.
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

/**
 * Creates a hook for a route. If the parameters of a request are invalid, the hook throws a problem with the given code
 * and detail.
 */
export function onInvalid(code: ProblemCode, detail: string): (result: { success: boolean }) => undefined {
  return ({ success }) => {
    if (!success) throw new Problem(code, detail);
  };
}
