import { z } from '@hono/zod-openapi';
import { maxCartLines } from '@widget-store/contract';
import type { ItemReturn } from '@widget-store/db';
import { addUpLines, cartLineSchema } from './cart';
import { parseBody } from './json';
import { plainPattern, plainText } from './productChange';
import { sha256 } from './sha256';

const maxReasonLength = 500;

export const returnRequestSchema = z.strictObject({
  items: z.array(cartLineSchema).min(1).max(maxCartLines),
  reason: plainText.trim().min(1).max(maxReasonLength).optional().openapi({
    pattern: plainPattern,
    description: 'A note for operators; shoppers do not see it',
    example: 'Came back after the refund',
  }),
});

/**
 * Reads from the body of a request which pieces of an order came back.
 *
 * @param key.idempotencyKey identifies the return among the returns of the order
 * @throws Problem `invalid_json`, or `invalid_return` with the name of the invalid field
 */
export function readReturnRequest(
  text: string,
  { orderId, idempotencyKey, operator }: { orderId: string; idempotencyKey: string; operator: string },
): ItemReturn {
  const { items, reason = null } = parseBody(text, returnRequestSchema, { code: 'invalid_return', subject: 'return' });
  return {
    orderId,
    // The key must be unique among the stock movements of a product, which belong to many orders and adjustments.
    idempotencyKey: `return-${sha256([orderId, idempotencyKey]).slice(0, 32)}`,
    lines: addUpLines(items),
    note: reason,
    requestedBy: operator,
  };
}
