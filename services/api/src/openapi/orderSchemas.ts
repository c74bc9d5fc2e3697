import { z } from '@hono/zod-openapi';
import {
  adjustmentKinds,
  cancelReasons,
  dispatchTicks,
  fulfilments,
  orderStatusCodes,
  orderStatuses,
  paymentStatuses,
} from '@widget-store/contract';
import { refundSchema } from './refundSchemas';
import {
  currency,
  decimal,
  imageUrl,
  instant,
  minor,
  orderId,
  orderNumber,
  paymentId,
  refundId,
  signedDecimal,
} from './schemas';

/* The schemas of checkouts, orders and payment pages. The storefront uses the types of the bodies. */

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

const orderItemSchema = z
  .object({
    product_id: z.int().min(1),
    product: z.string().openapi({ description: 'The name of the product when the order was placed' }),
    image_url: imageUrl,
    quantity: z.int().min(1),
    returned: z.int().min(0).openapi({ description: 'Units that came back into stock, with or without a refund' }),
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

const paidAnotherWaySchema = z
  .object({
    refund_id: refundId.openapi({ description: 'The refund that has failed' }),
    amount: decimal,
    amount_minor: minor,
    recorded_at: instant.openapi({ description: 'When an operator recorded the payment' }),
  })
  .openapi('PaidAnotherWay');

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
      description:
        'For a `demo` order, how many seconds are left until it is shipped. For a `manual` order, 10 until it is shipped, then 0',
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
    paid_another_way: z.array(paidAnotherWaySchema).openapi({
      description:
        'What the shop has paid back outside the gateway because a refund failed. `refunded_minor` and `payment_status` do not include it',
    }),
    disputed_minor: minor.openapi({ description: 'The sum of the disputes that are open or lost' }),
    lost_minor: minor.openapi({ description: "The sum of the lost disputes, which the shopper's bank has given back" }),
    // Does not use `shipToSchema.nullable()`: with it, the document would refer to a schema that requires an object,
    // and would forbid null.
    ship_to: z
      .union([shipToSchema, z.null()])
      .openapi({ description: 'Null before the payment, if no address was collected, and after the buyer is erased' }),
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
