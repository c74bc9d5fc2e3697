import { disputeStatuses, isRefundId, readWorkflowId, refundStatuses } from '@widget-store/contract';
import { z } from 'zod';
import { GatewayError, type ListingGateway, type PaymentGateway, type PaymentItem } from '../gateway';

export interface SandboxGatewayOptions {
  /** The gateway's base URL, without a path. */
  url: string;
  /** Sent as a bearer token. */
  apiKey: string;
  /** The deadline of a call, in milliseconds. */
  deadlineMs: number;
  /** Returns the headers that continue the current trace in the gateway. */
  headers?: () => Record<string, string>;
}

const refund = z
  .object({
    refund_id: z.string(),
    idempotency_key: z.string().nullable(),
    amount_minor: z.int(),
    status: z.enum(refundStatuses),
    created_at: z.iso.datetime(),
  })
  .transform((body) => ({
    gatewayRefundId: body.refund_id,
    refundId: refundIdIn(body.idempotency_key),
    amountMinor: body.amount_minor,
    status: body.status,
    createdAt: body.created_at,
  }));

const dispute = z
  .object({
    dispute_id: z.string(),
    amount_minor: z.int(),
    status: z.enum(disputeStatuses),
    reason: z.string().nullable(),
    created_at: z.iso.datetime(),
  })
  .transform((body) => ({
    gatewayDisputeId: body.dispute_id,
    amountMinor: body.amount_minor,
    status: body.status,
    reason: body.reason,
    createdAt: body.created_at,
  }));

const payment = z
  .object({
    payment_id: z.string(),
    status: z.enum(['open', 'paid', 'failed']),
    amount_minor: z.int(),
    currency: z.string(),
    captured_minor: z.int(),
    refunded_minor: z.int(),
    refunds: z.array(refund),
    disputes: z.array(dispute),
    updated_at: z.iso.datetime(),
  })
  .transform((body) => ({
    paymentId: body.payment_id,
    status: body.status,
    amountMinor: body.amount_minor,
    currency: body.currency,
    capturedMinor: body.captured_minor,
    refundedMinor: body.refunded_minor,
    refunds: body.refunds,
    disputes: body.disputes,
    updatedAt: body.updated_at,
  }));

/** The store's refund id in an idempotency key. Null if the store did not request the refund. */
function refundIdIn(idempotencyKey: string | null): string | null {
  const run = readWorkflowId(idempotencyKey ?? '');
  return run?.type === 'refund' && isRefundId(run.id) ? run.id : null;
}

const text = z.string().nullable();
const buyer = z
  .object({
    name: z.string(),
    email: z.string(),
    phone: text,
    address: z.object({
      line1: z.string(),
      line2: text,
      city: text,
      postal_code: text,
      region: text,
      country: z.string(),
    }),
  })
  .transform(({ address: { postal_code: postalCode, ...address }, ...person }) => ({
    ...person,
    ...address,
    postalCode,
  }));

/** The deadline of `getBuyer`. It is below five seconds, the heartbeat timeout of the activity `dispatchOrder`. */
const buyerDeadlineMs = 3000;

const openedPayment = z.object({ payment_url: z.url() });
const paymentsPage = z.object({ payments: z.array(payment), next_cursor: z.string().nullable() });

interface Call<Schema extends z.ZodType> {
  path: string;
  body?: object;
  deadlineMs?: number;
  idempotencyKey?: string;
  answer: Schema;
}

/** Creates the client of the sandbox gateway, which `make dev` starts. */
export function createSandboxGateway({
  url,
  apiKey,
  deadlineMs,
  headers = () => ({}),
}: SandboxGatewayOptions): ListingGateway {
  /** @returns null for 404 */
  async function call<Schema extends z.ZodType>(options: Call<Schema>): Promise<z.output<Schema> | null> {
    const { path, body, idempotencyKey, answer } = options;
    const response = await send(new URL(path, url), {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        ...headers(),
        Authorization: `Bearer ${apiKey}`,
        'Content-Type': 'application/json',
        ...(idempotencyKey === undefined ? {} : { 'Idempotency-Key': idempotencyKey }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      redirect: 'error',
      signal: AbortSignal.timeout(options.deadlineMs ?? deadlineMs),
    });
    if (response.status === 404) return null;
    return readAnswer(response, answer);
  }

  const getPayment: PaymentGateway['getPayment'] = (paymentId) =>
    call({ path: `/v1/payments/${encodeURIComponent(paymentId)}`, answer: payment });

  return {
    createPayment: async ({ paymentId, amountMinor, currency, items, returnUrl, expiresAt, shippingCountries }) => {
      const body = {
        payment_id: paymentId,
        amount_minor: amountMinor,
        currency,
        ...(items.length > 0 && { line_items: items.map(lineItem) }),
        return_url: returnUrl,
        expires_at: expiresAt,
        ...(shippingCountries && { shipping_countries: shippingCountries }),
      };
      const opened = await call({ path: '/v1/payments', body, answer: openedPayment });
      if (opened === null) throw misconfigured('The address of the payment gateway is wrong (status 404).');
      return { paymentUrl: opened.payment_url };
    },
    getPayment,
    getBuyer: (paymentId) =>
      call({ path: `/v1/payments/${encodeURIComponent(paymentId)}/buyer`, answer: buyer, deadlineMs: buyerDeadlineMs }),
    // The sandbox cannot close a payment. The store refunds a late payment instead.
    closePayment: getPayment,
    refund: async ({ paymentId, amountMinor, idempotencyKey }) => {
      const path = `/v1/payments/${encodeURIComponent(paymentId)}/refunds`;
      const body = { amount_minor: amountMinor };
      return present(await call({ path, body, idempotencyKey, answer: refund }));
    },
    listPayments: async ({ updatedSince, cursor }) => {
      const query = new URLSearchParams({ updated_since: updatedSince, limit: '1000', ...(cursor && { cursor }) });
      const page = present(await call({ path: `/v1/payments?${query.toString()}`, answer: paymentsPage }));
      return { payments: page.payments, nextCursor: page.next_cursor };
    },
  };
}

function lineItem({ name, quantity, unitPriceMinor }: PaymentItem) {
  return { name, quantity, unit_amount_minor: unitPriceMinor };
}

async function send(url: URL, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    throw new GatewayError('GatewayUnavailable', 'The payment gateway does not answer.', { cause: error });
  }
}

async function readAnswer<Schema extends z.ZodType>(response: Response, schema: Schema): Promise<z.output<Schema>> {
  const { status } = response;
  if (status >= 500 || status === 429) {
    throw new GatewayError('GatewayUnavailable', `The payment gateway is not available (status ${status}).`);
  }
  // RFC 9110: the credentials are missing or wrong (401), or have too few permissions (403).
  if (status === 401 || status === 403) {
    throw misconfigured(`The payment gateway does not accept the credentials (status ${status}).`);
  }
  if (!response.ok)
    throw new GatewayError('GatewayRefused', `The payment gateway refused the call (status ${status}).`);
  const parsed = schema.safeParse(await readJson(response));
  if (parsed.success) return parsed.data;
  throw misconfigured('The answer of the payment gateway is not valid.');
}

function misconfigured(message: string): GatewayError {
  return new GatewayError('GatewayMisconfigured', message);
}

/** Treats the gateway as unavailable if the connection breaks during an answer, or if the answer is not JSON. */
async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    throw new GatewayError('GatewayUnavailable', 'The answer of the payment gateway was cut off or is not JSON.', {
      cause: error,
    });
  }
}

function present<T>(answer: T | null): T {
  if (answer !== null) return answer;
  throw new GatewayError('GatewayRefused', 'The payment gateway does not know this payment.');
}
