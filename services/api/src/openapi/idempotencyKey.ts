import { idempotencyKeyPattern } from '@widget-store/contract';
import { z } from '@hono/zod-openapi';
import { Problem, type ProblemCode } from '../problem';
import { examples } from './examples';

/** The headers of a call that must have an idempotency key. */
export const idempotencyKeyHeader = z.object({
  'idempotency-key': z.string().regex(idempotencyKeyPattern).openapi({ example: examples.idempotencyKey }),
});

/**
 * Creates a hook for a route with an idempotency key. If the key is missing or malformed, the hook throws
 * `invalid_idempotency_key`, and otherwise this problem.
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
