import { isPaymentId } from '@widget-store/contract';
import type Stripe from 'stripe';
import type { LedgerPayment, PaymentGateway, PaymentReferences, PaymentsPage } from '../gateway';
import { askStripe } from './stripeErrors';
import { paymentOfCharge } from './stripePayments';

const pageSize = 100;

export interface LedgerOptions {
  /** The store records Stripe's ids here, because Stripe cannot find a session by our payment id. */
  references: PaymentReferences;
  /** The deadline of the call for a page, in milliseconds. */
  listDeadlineMs: number;
}

/**
 * Lists Stripe's payments from two of its lists: first the charges since `updatedSince`, and then the refunds since
 * `updatedSince` with their charges. A session that nobody has paid is in neither list. Charges without one of our
 * payment ids belong to another system in the account.
 */
export async function listStripePayments(
  stripe: Stripe,
  { references, listDeadlineMs: timeout }: LedgerOptions,
  { updatedSince, cursor }: Parameters<PaymentGateway['listPayments']>[0],
): Promise<PaymentsPage> {
  const [list = 'charges', startingAfter] = cursor?.split(':') ?? [];
  const params = {
    created: { gte: Math.floor(Date.parse(updatedSince) / 1000) },
    limit: pageSize,
    ...(startingAfter && { starting_after: startingAfter }),
  };
  if (list === 'refunds') {
    const page = await askStripe(() =>
      stripe.refunds.list({ ...params, expand: ['data.charge.refunds'] }, { timeout }),
    );
    const charges = page.data.flatMap(({ charge }) => (typeof charge === 'object' && charge !== null ? charge : []));
    const last = page.data.at(-1);
    return {
      payments: await readOwnPayments(charges, references),
      nextCursor: page.has_more && last ? `refunds:${last.id}` : null,
    };
  }
  const page = await askStripe(() => stripe.charges.list({ ...params, expand: ['data.refunds'] }, { timeout }));
  const last = page.data.at(-1);
  return {
    payments: await readOwnPayments(page.data, references),
    nextCursor: page.has_more && last ? `charges:${last.id}` : 'refunds:',
  };
}

/** Converts our charges to payments. Also records Stripe's ids, because a restore of Postgres can have lost some of them. */
async function readOwnPayments(charges: Stripe.Charge[], references: PaymentReferences): Promise<LedgerPayment[]> {
  const succeeded = charges.filter(({ status }) => status === 'succeeded');
  const own = new Map(
    succeeded.flatMap((charge) => {
      const paymentId = charge.metadata['payment_id'] ?? '';
      return isPaymentId(paymentId) ? [[paymentId, charge] as const] : [];
    }),
  );
  await references.recordPaymentReferences(
    [...own].flatMap(([paymentId, { payment_intent: intent }]) =>
      typeof intent === 'string' ? [{ paymentId, reference: intent }] : [],
    ),
  );
  return [...own].map(([paymentId, charge]) => paymentOfCharge(paymentId, charge));
}
