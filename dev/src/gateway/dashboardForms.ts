import { parseAmount } from '@widget-store/contract';
import type { HonoRequest } from 'hono';
import { z } from 'zod';
import type { Payment } from './payment';
import { Problem } from './problem';
import { refundStatuses } from './records';

/** Some of the reasons for which cardholders dispute payments. */
export const disputeReasons = ['fraudulent', 'product_not_received', 'product_unacceptable', 'duplicate'] as const;

const key = z.string().regex(/^[0-9a-f]{32}$/);
const amount = z.string().max(30);

const refundForm = z.object({ key, amount, pending: z.literal('on').optional() });
const nextRefundForm = z.object({ status: z.enum(refundStatuses) });
const disputeForm = z.object({ key, amount, reason: z.enum(disputeReasons) });

export async function readRefundForm(request: HonoRequest, { paymentId, currency }: Payment) {
  const form = await readForm(request, refundForm);
  const status = form.pending === undefined ? ('succeeded' as const) : ('pending' as const);
  return { paymentId, idempotencyKey: form.key, amountMinor: readAmount(form.amount, currency), status };
}

export async function readDisputeForm(request: HonoRequest, { paymentId, currency }: Payment) {
  const form = await readForm(request, disputeForm);
  return { paymentId, idempotencyKey: form.key, amountMinor: readAmount(form.amount, currency), reason: form.reason };
}

export const readNextRefundForm = (request: HonoRequest) => readForm(request, nextRefundForm);

async function readForm<Schema extends z.ZodType>(request: HonoRequest, schema: Schema): Promise<z.output<Schema>> {
  const form = schema.safeParse(await request.parseBody());
  if (!form.success) throw new Problem('invalid_body', 'The form is not complete. Reload this page.');
  return form.data;
}

/** @returns integer minor units */
function readAmount(text: string, currency: string): number {
  const amountMinor = parseAmount(text, currency);
  if (amountMinor === null || amountMinor < 1) throw new Problem('invalid_body', 'The amount must be more than 0.');
  return amountMinor;
}
