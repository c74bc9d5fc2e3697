import type Stripe from 'stripe';
import { decimalAmount, itemsMinor } from '@widget-store/contract';
import type { NewPayment, PaymentItem } from '../gateway';
import { isExactInStripe, toStripeAmount } from './stripeUnits';

type ItemizedPayment = Pick<NewPayment, 'paymentId' | 'amountMinor' | 'currency' | 'items'>;

/** A line of the page. The description is a smaller text below the name. */
interface PageLine extends PaymentItem {
  description?: string;
}

/**
 * The lines of Stripe's payment page. They always add up to the payment's amount. The page has one line for the whole
 * order if the items do not add up to this amount, or if Stripe cannot take the exact price of an item. Examples are
 * 0.005 KWD, and a discount, which is a negative price. If the items add up, the description of this line names them.
 */
export function lineItems(payment: ItemizedPayment): Stripe.Checkout.SessionCreateParams.LineItem[] {
  const { paymentId, currency: code } = payment;
  return linesOf(payment).map(({ name, description, quantity, unitPriceMinor }) => {
    const { amount, currency } = toStripeAmount({ amountMinor: unitPriceMinor, currency: code });
    const product = { name, ...(description && { description }), metadata: { payment_id: paymentId } };
    return { quantity, price_data: { currency, unit_amount: amount, product_data: product } };
  });
}

function linesOf({ items, amountMinor, currency }: ItemizedPayment): PageLine[] {
  const canShow = ({ unitPriceMinor }: PaymentItem) =>
    unitPriceMinor >= 0 && isExactInStripe({ amountMinor: unitPriceMinor, currency });
  const addsUp = itemsMinor(items) === amountMinor;
  if (addsUp && items.every(canShow)) return items;
  const whole = { name: 'Your order', quantity: 1, unitPriceMinor: amountMinor };
  return [addsUp ? { ...whole, description: descriptionOf(items, currency) } : whole];
}

/** For example `2 × Pocket Widget 39.98 USD, Spring sale -10.00 USD`. */
function descriptionOf(items: PaymentItem[], currency: string): string {
  const texts = items.map(({ name, quantity, unitPriceMinor }) => {
    const amount = decimalAmount({ minor: quantity * unitPriceMinor, currency });
    return `${quantity === 1 ? '' : `${quantity} × `}${name} ${amount} ${currency}`;
  });
  return texts.join(', ');
}
