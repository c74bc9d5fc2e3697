import type Stripe from 'stripe';
import type { NewPayment, PaymentItem } from '../gateway';
import { isExactInStripe, toStripeAmount } from './stripeUnits';

/**
 * The lines of Stripe's payment page. They always add up to the payment's amount. If the items of the payment do not
 * add up to this amount, the page has one line for the whole order. The page also has only one line if Stripe cannot
 * take the exact price of a unit, for example 0.005 KWD.
 */
export function lineItems(
  payment: Pick<NewPayment, 'paymentId' | 'amountMinor' | 'currency' | 'items'>,
): Stripe.Checkout.SessionCreateParams.LineItem[] {
  const { paymentId, currency: code } = payment;
  return linesOf(payment).map(({ name, quantity, unitPriceMinor }) => {
    const { amount, currency } = toStripeAmount({ amountMinor: unitPriceMinor, currency: code });
    const product = { name, metadata: { payment_id: paymentId } };
    return { quantity, price_data: { currency, unit_amount: amount, product_data: product } };
  });
}

function linesOf({
  items,
  amountMinor,
  currency,
}: Pick<NewPayment, 'amountMinor' | 'currency' | 'items'>): PaymentItem[] {
  const sumMinor = items.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0);
  const canShow = items.every(({ unitPriceMinor }) => isExactInStripe({ amountMinor: unitPriceMinor, currency }));
  if (sumMinor === amountMinor && canShow) return items;
  return [{ name: 'Your order', quantity: 1, unitPriceMinor: amountMinor }];
}
