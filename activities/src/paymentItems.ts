import type { OrderRow } from '@widget-store/db';
import type { PaymentItem } from './gateway';

/**
 * The lines of the payment page: the items and the adjustments. They are the same at every attempt, because a placed
 * order keeps both.
 */
export function paymentItems({ items, adjustments }: OrderRow): PaymentItem[] {
  const lines = adjustments.map(({ label, amountMinor }) => ({
    name: label,
    quantity: 1,
    unitPriceMinor: amountMinor,
  }));
  return [...items, ...lines];
}
