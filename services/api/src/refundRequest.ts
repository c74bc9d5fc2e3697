import { maxCartLines, refundIdFrom, refundIdPattern } from '@widget-store/contract';
import type { RefundRequest } from '@widget-store/db';
import { z } from '@hono/zod-openapi';
import { addUpLines, cartLineSchema } from './cart';
import { parseBody } from './json';
import { plainPattern, plainText } from './productChange';
import { sha256 } from './sha256';

const maxReasonLength = 500;

export const refundRequestSchema = z.strictObject({
  amount_minor: z
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .openapi({ description: 'Integer minor units. Without it, everything that is left is refunded', example: 2000 }),
  reason: plainText.trim().max(maxReasonLength).optional().openapi({
    pattern: plainPattern,
    description: 'A note for operators; shoppers do not see it',
    example: 'Scratched',
  }),
  restock: z.array(cartLineSchema).max(maxCartLines).optional().openapi({
    description: 'Units that come back to stock, at most those that were sold and have not come back yet',
    example: [],
  }),
  replaces: z.string().regex(refundIdPattern).optional().openapi({
    description: 'The id of the failed refund that this refund replaces, if any. Their amounts can differ',
  }),
});

export const settlementSchema = z.strictObject({
  note: plainText.trim().max(maxReasonLength).optional().openapi({
    pattern: plainPattern,
    description: 'How the shopper was paid; shoppers do not see it',
    example: 'Bank transfer of 2026-01-31',
  }),
});

/**
 * Reads the note from the body of a request that settles a failed refund. The body is optional.
 *
 * @returns null if there is no note
 * @throws Problem `invalid_json`, or `invalid_refund` with the name of the invalid field
 */
export function readSettlementNote(text: string): string | null {
  const invalid = { code: 'invalid_refund', subject: 'settlement' } as const;
  const { note } = text.trim() === '' ? {} : parseBody(text, settlementSchema, invalid);
  return note || null;
}

/**
 * Reads a refund from the body of its request. Without a body, the refund covers everything that is left to refund.
 *
 * @param key.idempotencyKey identifies the refund among the refunds of the order
 * @throws Problem `invalid_json`, or `invalid_refund` with the name of the invalid field
 */
export function readRefundRequest(
  text: string,
  key: { orderId: string; idempotencyKey: string; operator: string },
): RefundRequest {
  const invalid = { code: 'invalid_refund', subject: 'refund' } as const;
  const body = text.trim() === '' ? {} : parseBody(text, refundRequestSchema, invalid);
  const restock = addUpLines(body.restock ?? []);
  const { amount_minor: amountMinor = null, reason = null, replaces = null } = body;
  return {
    orderId: key.orderId,
    refundId: refundIdFrom(sha256([key.orderId, key.idempotencyKey]).slice(0, 32)),
    fingerprint: sha256([amountMinor, reason, restock, replaces]),
    amountMinor,
    reason,
    requestedBy: key.operator,
    restock,
    replaces,
  };
}
