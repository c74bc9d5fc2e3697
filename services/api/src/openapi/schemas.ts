import { z } from '@hono/zod-openapi';
import {
  adjustmentKinds,
  cancelReasons,
  dispatchTicks,
  fulfilments,
  orderIdPattern,
  orderStatusCodes,
  orderStatuses,
  paymentIdPattern,
  paymentStatuses,
  refundIdPattern,
  refundStatuses,
  stockMovementKinds,
} from '@widget-store/contract';

/* The schemas of response bodies and queries. The storefront uses the types of the bodies. */

export const minor = z
  .int()
  .min(0)
  .openapi({ description: 'An amount in integer minor units, for example cents for USD', example: 9999 });
const signedDecimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .openapi({ description: 'As `amount_minor`, as a decimal string', example: '5.00' });
const decimal = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .openapi({ description: 'An amount as a decimal string, in the currency of the body', example: '99.99' });
export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .openapi({ description: 'ISO 4217', example: 'USD' });
export const instant = z.iso.datetime().openapi({ description: 'ISO 8601, UTC', example: '2026-01-31T12:00:00.000Z' });

export const orderId = z.string().regex(orderIdPattern);
export const paymentId = z.string().regex(paymentIdPattern);
export const refundId = z.string().regex(refundIdPattern);
const refundStatus = z.enum(refundStatuses);

/** The query of every list that is paged by a `Link` header. */
export const pageQuery = z.object({
  limit: z.coerce.number().int().min(1).max(100).default(50).openapi({ example: 20 }),
  cursor: z.coerce
    .number()
    .int()
    .min(1)
    .max(Number.MAX_SAFE_INTEGER)
    .optional()
    .openapi({ description: 'The cursor from the `Link` header of the previous page', example: 1000 }),
});

/** An id of a product in a path. It has at most nine digits, so that it fits the database column. */
export const productId = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number)
  .openapi({ type: 'integer', minimum: 1, maximum: 999_999_999, example: 2 });

const productIdsPattern = /^[1-9][0-9]{0,8}(,[1-9][0-9]{0,8}){0,99}$/;

/** The query of a list of products. Its cursor is limited to the values that fit the database column of product ids. */
export const productsPageQuery = pageQuery.extend({
  cursor: z.coerce.number().int().min(1).max(2_147_483_647).optional().openapi({
    description: 'The cursor from the `Link` header of the previous page',
    example: 50,
  }),
});

/** The query of the catalogue. */
export const productsQuery = productsPageQuery.extend({
  ids: z
    .string()
    .regex(productIdsPattern)
    .transform((list) => list.split(',').map(Number))
    .optional()
    .openapi({
      type: 'string',
      pattern: productIdsPattern.source,
      description:
        'The ids of up to 100 products. The response then contains these products instead of a page. Unknown ids are ignored',
      example: '1,2',
    }),
});

const imageUrl = z
  .string()
  .nullable()
  .openapi({ description: "An https URL, the path of one of the store's drawings, or null for the default drawing" });

export const productSchema = z
  .object({
    product_id: z.int().min(1),
    product: z.string().openapi({ description: 'The name of the product', example: 'Premium Quality Widget' }),
    description: z.string(),
    inventory: z.int().min(0).openapi({ description: 'Units that can be bought now' }),
    price: decimal,
    price_minor: minor,
    currency,
    image_url: imageUrl,
    on_sale: z.boolean().openapi({ description: 'Whether the product can be bought' }),
  })
  .openapi('Product');
export type ProductBody = z.output<typeof productSchema>;

const inventory = z.int().min(0).openapi({ description: 'Units that can be bought' });

export const inventorySchema = z.object({ inventory }).openapi('Inventory');

export const stockLevelSchema = z
  .object({
    inventory,
    reserved: z.int().min(0).openapi({ description: 'Units that unfinished orders hold. They cannot be bought' }),
  })
  .openapi('StockLevel');
export type StockLevelBody = z.output<typeof stockLevelSchema>;

const orderNumber = z.string().openapi({
  description: 'A short number for people. Its last two symbols are check symbols. It gives no access to the order',
  example: '1042-0N',
});

export const stockMovementSchema = z
  .object({
    movement_id: z.int(),
    created_at: instant,
    reason: z.enum(stockMovementKinds).openapi({
      description:
        '`seed`: the initial stock. `restock`: the stock was set to a number. `hold`: reserved for an order. `release`: an order was cancelled. `return`: a refund gave units back. The others are the reasons of adjustments',
    }),
    change: z.int().openapi({ description: 'Units added (positive) or removed (negative)' }),
    inventory: z.int().min(0).openapi({ description: 'The inventory after the change' }),
    order_id: orderId.nullable(),
    order_number: orderNumber.nullable(),
    refund_id: refundId.nullable(),
    note: z.string().nullable(),
    requested_by: z.string().nullable().openapi({ description: 'Which operator changed it; null if no operator did' }),
  })
  .openapi('StockMovement');
export type StockMovementBody = z.output<typeof stockMovementSchema>;

export const settingsSchema = z
  .object({
    demo: z.boolean().openapi({
      description: 'Whether the store is in demo mode, which has a crash button and allows restocking without a token',
    }),
    payment_window_ms: z
      .int()
      .min(1)
      .openapi({ description: 'How long a checkout waits for its payment, in milliseconds', example: 900_000 }),
    image_origins: z.array(z.string()).openapi({
      description: "The origins, besides the store's own, at which pictures of products can be",
      example: ['https://pictures.example'],
    }),
  })
  .openapi('Settings');
export type SettingsBody = z.output<typeof settingsSchema>;

export const checkoutSchema = z
  .object({
    payment_id: paymentId.nullable().openapi({ description: 'Null if a product of the order was sold out' }),
    order_id: orderId,
    status: z.enum(orderStatuses).openapi({ description: 'The status of the order' }),
    total_minor: minor,
    currency,
    expires_at: instant.openapi({ description: 'End of the payment window, ISO 8601, UTC' }),
    payment_url: z.string().nullable().openapi({
      description: "Address of the storefront page that leads to the gateway's payment page; null without a payment id",
    }),
  })
  .openapi('Checkout');
export type CheckoutBody = z.output<typeof checkoutSchema>;

export const orderItemSchema = z
  .object({
    product_id: z.int().min(1),
    product: z.string().openapi({ description: 'The name of the product when the order was placed' }),
    image_url: imageUrl,
    quantity: z.int().min(1),
    returned: z.int().min(0).openapi({ description: 'Units that refunds have brought back into stock' }),
    price: decimal,
    price_minor: minor,
  })
  .openapi('OrderItem');

const adjustmentSchema = z
  .object({
    kind: z.enum(adjustmentKinds),
    label: z.string().openapi({ example: 'Shipping' }),
    amount: signedDecimal,
    amount_minor: z.int().openapi({
      description: 'In integer minor units. Negative for a discount, positive for every other kind',
      example: 500,
    }),
  })
  .openapi('Adjustment');

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

const country = z
  .string()
  .regex(/^[A-Z]{2}$/)
  .openapi({ description: 'ISO 3166-1 alpha-2', example: 'US' });

export const addressSchema = z
  .object({
    line1: z.string(),
    line2: z.string().nullable(),
    city: z.string().nullable(),
    postal_code: z.string().nullable(),
    region: z.string().nullable(),
    country,
  })
  .openapi('Address');
export type AddressBody = z.output<typeof addressSchema>;

const shipToSchema = z
  .object({
    name: z.string(),
    email: z.string().openapi({ description: 'A part of the e-mail address', example: 'a…@example.org' }),
    address: addressSchema,
  })
  .openapi('ShipTo');

export const orderSchema = z
  .object({
    order_id: orderId,
    order_number: orderNumber,
    order_status: z
      .int()
      .openapi({ description: '0 PENDING, 2 PAID, 1 DISPATCHED, -1 CANCELLED', enum: Object.values(orderStatusCodes) }),
    status: z.enum(orderStatuses),
    created_at: instant.openapi({ description: 'When the order was placed, ISO 8601, UTC' }),
    last_update_time: instant,
    progress_remaining: z.int().min(0).max(dispatchTicks).openapi({
      description: 'How many seconds until a `demo` order is shipped; 10 until a `manual` order is shipped',
    }),
    fulfilment: z.enum(fulfilments).openapi({
      description:
        '`demo`: the paid order is shipped after ten seconds. `manual`: the paid order waits until an operator ships it',
    }),
    shipped_at: instant.nullable().openapi({ description: 'When the order was shipped; null for a demo order' }),
    carrier: z.string().nullable().openapi({ description: 'The carrier, and the tracking number if there is one' }),
    tracking_url: z
      .url({ protocol: /^https$/ })
      .nullable()
      .openapi({ description: 'The link to the parcel' }),
    items: z.array(orderItemSchema),
    adjustments: z
      .array(adjustmentSchema)
      .openapi({ description: 'The parts of the total besides the items, as decided when the order was placed' }),
    total: decimal,
    total_minor: minor,
    currency,
    payment_status: z.enum(paymentStatuses),
    cancel_reason: z.enum(cancelReasons).nullable(),
    payment_id: paymentId.nullable().openapi({ description: 'Null if a product of the order was sold out' }),
    expires_at: instant.openapi({ description: 'End of the payment window, ISO 8601, UTC' }),
    captured_minor: minor.openapi({ description: 'What the shopper has paid, in integer minor units' }),
    refunded_minor: minor.openapi({ description: 'The sum of the refunds that have not failed' }),
    // Does not use `shipToSchema.nullable()`: with it, the document would refer to a schema that requires an object,
    // and would forbid null.
    ship_to: z
      .union([shipToSchema, z.null()])
      .openapi({ description: 'Null before the payment, without a collected address, and after its erasure' }),
    refunds: z
      .array(refundSchema)
      .openapi({ description: 'The oldest first. A failed refund is listed only while it needs an operator' }),
  })
  .openapi('Order');
export type OrderBody = z.output<typeof orderSchema>;

export const paymentPageSchema = z
  .object({
    order_id: orderId,
    status: z.enum(orderStatuses),
    payment_url: z
      .url()
      .nullable()
      .openapi({ description: "Address of the gateway's payment page; null if there is nothing to pay" }),
  })
  .openapi('PaymentPage');
export type PaymentPageBody = z.output<typeof paymentPageSchema>;

export const problemSchema = z
  .object({
    type: z.string().openapi({ example: 'about:blank' }),
    title: z.string(),
    status: z.int(),
    detail: z.string().openapi({ description: 'A sentence that explains the problem to a person' }),
    instance: z.string().openapi({ description: 'The path of the request' }),
    code: z.string().openapi({ description: 'The kind of the problem, for programs' }),
    retryable: z.boolean().openapi({ description: 'Whether the same request can succeed later' }),
    request_id: z.string().openapi({
      description:
        'The id of this request. The header `X-Request-Id`, the log and the span of the request contain it too',
    }),
    total_minor: minor
      .optional()
      .openapi({ description: 'Only with `total_changed`: what the cart costs now, in integer minor units' }),
  })
  .openapi('Problem', { description: 'RFC 9457' });
export type ProblemBody = z.output<typeof problemSchema>;
