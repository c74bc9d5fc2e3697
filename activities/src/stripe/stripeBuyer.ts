import type { Buyer } from '@widget-store/db';
import type Stripe from 'stripe';
import type { PaymentReferences } from '../gateway';
import { askStripe, askStripeOrNull } from './stripeErrors';

/**
 * Reads the buyer of a payment from its Checkout Session, which has the e-mail address and the shipping details.
 *
 * @returns null if there is no session, or if the session has no shipping details
 */
export async function readStripeBuyer(
  stripe: Stripe,
  paymentId: string,
  references: Pick<PaymentReferences, 'readPaymentReference'>,
): Promise<Buyer | null> {
  const reference = await references.readPaymentReference(paymentId);
  if (reference === null) return null;
  const session = await findSession(stripe, reference);
  const shipping = session?.collected_information?.shipping_details;
  if (!session || !shipping) return null;
  const { line1, line2, city, postal_code: postalCode, state: region, country } = shipping.address;
  const { email, phone } = session.customer_details ?? {};
  return {
    name: shipping.name,
    email: email ?? '',
    phone: phone ?? null,
    line1: line1 ?? '',
    line2,
    city,
    postalCode,
    region,
    country: country ?? '',
  };
}

/**
 * Finds the Checkout Session of a payment. After a restore of Postgres, the reference can be the id of a PaymentIntent.
 * In this case, asks Stripe for the session of this PaymentIntent.
 */
async function findSession(stripe: Stripe, reference: string): Promise<Stripe.Checkout.Session | null> {
  if (!isStripeIntent(reference)) return askStripeOrNull(404, () => stripe.checkout.sessions.retrieve(reference));
  const { data } = await askStripe(() => stripe.checkout.sessions.list({ payment_intent: reference, limit: 1 }));
  return data[0] ?? null;
}

/** Whether a payment reference is the id of a PaymentIntent, and not of a Checkout Session. */
export function isStripeIntent(reference: string): boolean {
  return reference.startsWith('pi_');
}
