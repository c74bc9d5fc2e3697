import { z } from '@hono/zod-openapi';
import {
  cancelReasons,
  type CheckoutBody,
  dispatchTicks,
  type OrderBody,
  type OrderItemBody,
  type PaymentPageBody,
  type RefundBody,
  orderStatusCodes,
  orderStatuses,
  orderIdPattern,
  paymentIdPattern,
  paymentStatuses,
  type ProblemBody,
  type ProductBody,
  type SettingsBody,
} from '@widget-store/contract';

/** What the api answers, described by the types of the contract: a field that is missing here does not compile. */

const minor = z.int().min(0).openapi({ description: 'Minor units, cents for USD', example: 9999 });
const decimal = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .openapi({ example: '99.99' });
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .openapi({ description: 'ISO 4217', example: 'USD' });
export const instant = z.iso.datetime().openapi({ description: 'ISO 8601, UTC', example: '2026-01-31T12:00:00.000Z' });

export const orderId = z.string().regex(orderIdPattern);
export const paymentId = z.string().regex(paymentIdPattern);

/** Of every list that is paged by a `Link` header. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50).openapi({ example: 20 }),
  cursor: z.coerce
    .number()
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .openapi({ description: 'From the `Link` header of the page before', example: 1000 }),
});

export const productSchema = z
  .object({
    product_id: z.int().min(1),
    product: z.string().openapi({ example: 'Premium Quality Widget' }),
    description: z.string(),
    inventory: z.int().min(0).openapi({ description: 'Units that can be bought now' }),
    price: decimal,
    price_minor: minor,
    currency,
  })
  .openapi('Product') satisfies z.ZodType<ProductBody>;

export const settingsSchema = z
  .object({
    demo: z.boolean().openapi({ description: 'Whether the controls of a demonstration are there' }),
    payment_window_ms: z
      .int()
      .min(1)
      .openapi({ description: 'How long a checkout waits for its payment', example: 900_000 }),
  })
  .openapi('Settings') satisfies z.ZodType<SettingsBody>;

export const checkoutSchema = z
  .object({
    payment_id: paymentId.nullable().openapi({ description: 'Null when the stock was not there' }),
    order_id: orderId,
    status: z.enum(orderStatuses),
    total_minor: minor,
    currency,
    expires_at: instant,
    payment_url: z.string().nullable(),
  })
  .openapi('Checkout') satisfies z.ZodType<CheckoutBody>;

const orderItemSchema = z
  .object({
    product_id: z.int().min(1),
    product: z.string(),
    quantity: z.int().min(1),
    price: decimal,
    price_minor: minor,
  })
  .openapi('OrderItem') satisfies z.ZodType<OrderItemBody>;

const refundSchema = z
  .object({
    refund_id: z.string().nullable().openapi({ description: 'Null when the gateway had captured nothing' }),
    amount: decimal,
    amount_minor: minor,
    refunded_at: instant,
  })
  .openapi('Refund') satisfies z.ZodType<RefundBody>;

export const orderSchema = z
  .object({
    order_id: orderId,
    order_status: z
      .int()
      .openapi({ description: '0 PENDING, 2 PAID, 1 DISPATCHED, -1 CANCELLED', enum: Object.values(orderStatusCodes) }),
    status: z.enum(orderStatuses),
    created_at: instant.openapi({ description: 'When it was placed' }),
    last_update_time: instant,
    progress_remaining: z.int().min(0).max(dispatchTicks).openapi({ description: 'Seconds of dispatch left' }),
    items: z.array(orderItemSchema),
    total: decimal,
    total_minor: minor,
    currency,
    payment_status: z.enum(paymentStatuses),
    cancel_reason: z.enum(cancelReasons).nullable(),
    payment_id: paymentId.nullable().openapi({ description: 'Null when the stock was not there' }),
    expires_at: instant.openapi({ description: 'End of the payment window' }),
    refund: refundSchema.nullable(),
  })
  .openapi('Order') satisfies z.ZodType<OrderBody>;

export const paymentPageSchema = z
  .object({ order_id: orderId, status: z.enum(orderStatuses), payment_url: z.url().nullable() })
  .openapi('PaymentPage') satisfies z.ZodType<PaymentPageBody>;

export const problemSchema = z
  .object({
    type: z.string().openapi({ example: 'about:blank' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'A sentence for people' }),
    instance: z.string().openapi({ description: 'Path of the request' }),
    code: z.string().openapi({ description: 'What went wrong, for programs' }),
    retryable: z.boolean().openapi({ description: 'Whether the same request may succeed later' }),
    request_id: z
      .string()
      .openapi({ description: 'Of this request, as in `X-Request-Id`: whoever runs the store finds it by this' }),
  })
  .openapi('Problem', { description: 'RFC 9457' }) satisfies z.ZodType<ProblemBody>;
