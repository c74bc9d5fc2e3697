import { z } from '@hono/zod-openapi';
import { orderIdPattern, paymentIdPattern, refundIdPattern } from '@widget-store/contract';

/* The schemas of fields, queries and bodies that several subjects share. */

export const minor = z
  .int()
  .min(0)
  .openapi({ description: 'An amount in integer minor units, for example cents for USD', example: 9999 });

export const signedDecimal = z
  .string()
  .regex(/^-?\d+(\.\d+)?$/)
  .openapi({ description: 'The same amount as `amount_minor`, written as a decimal string', example: '5.00' });

export const decimal = z
  .string()
  .regex(/^\d+(\.\d+)?$/)
  .openapi({ description: 'An amount as a decimal string, in the currency of the body', example: '99.99' });

export const currency = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .openapi({ description: 'ISO 4217', example: 'USD' });

export const instant = z.iso.datetime().openapi({ description: 'ISO 8601, UTC', example: '2026-01-31T12:00:00.000Z' });

/** The beginning or the end of a period in a query. */
export const periodTime = (description: string, example: string) =>
  z.iso
    .datetime()
    // Postgres has no year 0.
    .refine((time) => time >= '0001')
    .transform((time) => new Date(time))
    .optional()
    .openapi({ type: 'string', format: 'date-time', description: `${description}. ISO 8601, UTC`, example });

export const orderId = z.string().regex(orderIdPattern);

export const paymentId = z.string().regex(paymentIdPattern);

export const refundId = z.string().regex(refundIdPattern);

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

export const imageUrl = z
  .string()
  .nullable()
  .openapi({ description: "An https URL, the path of one of the store's drawings, or null for the default drawing" });

export const orderNumber = z.string().openapi({
  description: 'A short number for people. Its last two symbols are check symbols. It gives no access to the order',
  example: '1042-0N',
});

export const settingsSchema = z
  .object({
    demo: z.boolean().openapi({
      description: 'Whether the store is in demo mode, which has a crash button and needs no admin token',
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
