import { z } from '@hono/zod-openapi';
import { refundStatuses } from '@widget-store/contract';
import { currency, decimal, instant, minor, orderId, refundId } from './schemas';

/* The schemas of refunds. The storefront uses the types of the bodies. */

const refundStatus = z.enum(refundStatuses);

export const refundSchema = z
  .object({
    refund_id: refundId,
    amount: decimal,
    amount_minor: minor,
    status: refundStatus,
    created_at: instant.openapi({ description: 'When the refund was requested, ISO 8601, UTC' }),
    updated_at: instant.openapi({ description: 'When the refund last changed, ISO 8601, UTC' }),
  })
  .openapi('Refund');

export const settledBy = z.string().nullable().openapi({
  description:
    'How a failed refund was settled: the id of the refund that replaces it, `outside` if an operator has paid the shopper in another way, or `gateway` if other refunds or disputes have taken the money. Null for a failed refund that still needs an operator, and for every refund that has not failed',
});

export const requestedRefundSchema = z
  .object({
    refund_id: refundId,
    order_id: orderId,
    amount_minor: minor,
    currency,
    status: refundStatus,
    reason: z.string().nullable(),
    settled_by: settledBy,
    created_at: instant,
  })
  .openapi('RequestedRefund');
export type RequestedRefundBody = z.output<typeof requestedRefundSchema>;
