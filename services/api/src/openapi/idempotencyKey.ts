import { idempotencyKeyPattern } from '@widget-store/contract';
import { z } from '@hono/zod-openapi';
import { Problem, type ProblemCode } from '../problem';
import { examples } from './examples';

/** The headers of a request that must have an idempotency key. */
export const idempotencyKeyHeader = z.object({
  'idempotency-key': z.string().regex(idempotencyKeyPattern).openapi({ example: examples.idempotencyKey }),
});

/**
 * Creates a hook for a route with the header `Idempotency-Key`. If this header is missing or malformed, the hook throws
 * the problem `invalid_idempotency_key`. If another part of the request is invalid, the hook throws a problem with the
 * given code and detail.
 */
export function onInvalidKey(
  code: ProblemCode,
  detail: string,
): (result: { success: boolean; target: string }) => undefined {
  return ({ success, target }) => {
    if (success) return;
    if (target !== 'header') throw new Problem(code, detail);
    throw new Problem('invalid_idempotency_key', 'Idempotency-Key must be 1 to 200 letters, digits, "_" or "-".');
  };
}
