import { isPaymentId } from '@widget-store/contract';
import type Stripe from 'stripe';
import type { LedgerPayment, PaymentGateway, PaymentReferences, PaymentsPage } from '../gateway';
import { askStripe } from './stripeErrors';
import { paymentOfCharge } from './stripePayments';

const pageSize = 100;

export interface LedgerOptions {
  /** Stripe finds no session by our payment id, so we keep what it calls them. */
  references: PaymentReferences;
  /** Milliseconds until the listing of a page gives up. */
  listDeadlineMs: number;
}

/**
 * Stripe's ledger, in two lists: the charges that were made since then, and those that were refunded since then. A session that
 * nobody paid moves no money and is in neither. What is not the store's has no payment id, and is left out.
 */
export async function listStripePayments(
  stripe: Stripe,
  { references, listDeadlineMs: timeout }: LedgerOptions,
  { updatedSince, cursor }: Parameters<PaymentGateway['listPayments']>[0],
): Promise<PaymentsPage> {
  const [list = 'charges', startingAfter] = cursor?.split(':') ?? [];
  const asked = {
    created: { gte: Math.floor(Date.parse(updatedSince) / 1000) },
    limit: pageSize,
    ...(startingAfter && { starting_after: startingAfter }),
  };
  if (list === 'refunds') {
    const page = await askStripe(() => stripe.refunds.list({ ...asked, expand: ['data.charge.refunds'] }, { timeout }));
    const charges = page.data.flatMap(({ charge }) => (typeof charge === 'object' && charge !== null ? charge : []));
    const last = page.data.at(-1);
    return {
      payments: await ofTheStore(charges, references),
      nextCursor: page.has_more && last ? `refunds:${last.id}` : null,
    };
  }
  const page = await askStripe(() => stripe.charges.list({ ...asked, expand: ['data.refunds'] }, { timeout }));
  const last = page.data.at(-1);
  return {
    payments: await ofTheStore(page.data, references),
    nextCursor: page.has_more && last ? `charges:${last.id}` : 'refunds:',
  };
}

/** Notes how Stripe calls them too, so that a payment is found again whose note a restore of Postgres has lost. */
async function ofTheStore(charges: Stripe.Charge[], references: PaymentReferences): Promise<LedgerPayment[]> {
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
