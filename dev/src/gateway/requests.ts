import { isCountry, isCurrency } from '@widget-store/contract';
import type { HonoRequest } from 'hono';
import { z } from 'zod';
import type { LineItem } from './payment';
import { Problem, type ProblemCode } from './problem';
import { type Behaviour, refundStatuses } from './records';

const longestDelayMs = 24 * 60 * 60_000;
const mostDuplicates = 1000;

const paymentId = z.string().regex(/^[A-Za-z0-9_-]{1,100}$/);
const amountMinor = z.int().min(1);

const lineItem = z
  .strictObject({ name: z.string().min(1).max(500), quantity: z.int().min(1), unit_amount_minor: z.int() })
  .transform(({ unit_amount_minor, ...item }) => ({ ...item, unitAmountMinor: unit_amount_minor }));

const openSchema = z
  .strictObject({
    payment_id: paymentId,
    amount_minor: amountMinor,
    currency: z.string().refine(isCurrency),
    line_items: z.array(lineItem).min(1).max(100).optional(),
    expires_at: z.iso.datetime().optional(),
    // `return_url` becomes a header. The URL parser accepts line breaks in a URL, and `normalize` removes them.
    return_url: z.url({ protocol: /^https?$/, normalize: true }).max(2000),
    shipping_countries: z.array(z.string().refine(isCountry)).min(1).optional(),
  })
  .refine(addsUp, { path: ['line_items'], message: 'they must add up to amount_minor' })
  .transform((body) => ({
    paymentId: body.payment_id,
    amountMinor: body.amount_minor,
    currency: body.currency,
    lineItems: body.line_items,
    expiresAt: body.expires_at,
    returnUrl: body.return_url,
    shippingCountries: body.shipping_countries,
  }));

const refundSchema = z.strictObject({ amount_minor: amountMinor });

const dashboardRefundSchema = z
  .strictObject({ amount_minor: amountMinor, status: z.enum(refundStatuses).default('succeeded') })
  .transform(({ amount_minor, status }) => ({ amountMinor: amount_minor, status }));

const nextRefundSchema = z.strictObject({ status: z.enum(refundStatuses) });

const disputeSchema = z
  .strictObject({ amount_minor: amountMinor, reason: z.string().min(1).max(100).nullable().default(null) })
  .transform(({ amount_minor, reason }) => ({ amountMinor: amount_minor, reason }));

const behaviourSchema = z
  .strictObject({
    duplicates: z.int().min(0).max(mostDuplicates).default(0),
    delay_ms: z.int().min(0).max(longestDelayMs).default(0),
    lose: z.boolean().default(false),
    reverse: z.boolean().default(false),
  })
  .transform(({ delay_ms: delayMs, ...rest }): Behaviour => ({ ...rest, delayMs }));

const pageSchema = z
  .strictObject({
    updated_since: z.iso.datetime({ offset: true }).optional(),
    limit: z.coerce.number().int().min(1).max(1000).default(100),
    cursor: z
      .string()
      .regex(/^\d{1,15}$/)
      .default('0'),
  })
  .transform((query) => ({
    updatedSince: query.updated_since,
    limit: query.limit,
    afterRevision: Number(query.cursor),
  }));

interface ItemizedAmount {
  amount_minor: number;
  line_items?: LineItem[] | undefined;
}

function addsUp({ amount_minor: amount, line_items: items }: ItemizedAmount): boolean {
  return items === undefined || items.reduce((sum, item) => sum + item.quantity * item.unitAmountMinor, 0) === amount;
}

export const readOpenRequest = (request: HonoRequest) => readBody(request, openSchema);
export const readRefund = (request: HonoRequest) => readBody(request, refundSchema);
export const readDashboardRefund = (request: HonoRequest) => readBody(request, dashboardRefundSchema);
export const readNextRefund = (request: HonoRequest) => readBody(request, nextRefundSchema);
export const readDispute = (request: HonoRequest) => readBody(request, disputeSchema);
export const readBehaviour = (request: HonoRequest) => readBody(request, behaviourSchema);
export const readPage = (request: HonoRequest) => parse(request.query(), { schema: pageSchema, code: 'invalid_query' });

/** @throws Problem if the header is missing or does not have 1 to 255 visible ASCII characters */
export function readIdempotencyKey(request: HonoRequest): string {
  const key = request.header('idempotency-key');
  if (key !== undefined && /^[\x21-\x7e]{1,255}$/.test(key)) return key;
  throw new Problem('invalid_idempotency_key', 'Idempotency-Key must have 1 to 255 visible ASCII characters.');
}

/** Returns the caller's trace (W3C Trace Context); undefined if the header is missing or malformed. */
export function readTraceparent(request: HonoRequest): string | undefined {
  const header = request.header('traceparent');
  return header !== undefined && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/.test(header) ? header : undefined;
}

async function readBody<Schema extends z.ZodType>(request: HonoRequest, schema: Schema): Promise<z.output<Schema>> {
  const text = await request.text();
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    throw new Problem('malformed_json', 'The body is not JSON.');
  }
  return parse(body, { schema, code: 'invalid_body' });
}

function parse<Schema extends z.ZodType>(
  given: unknown,
  { schema, code }: { schema: Schema; code: ProblemCode },
): z.output<Schema> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Problem(code, [issue?.path.join('.'), issue?.message].filter(Boolean).join(': '));
}
