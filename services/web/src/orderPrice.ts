import {
  type Adjustment,
  adjustmentsMinor,
  type DecideAdjustments,
  decideAdjustments,
  itemsMinor,
  type Money,
} from '@widget-store/contract';
import type { ShownLine } from './cart.js';
import { onSale, type PricedLine, totalsByCurrency } from './pricedCart.js';

/** What the page shows before the order is placed. */
interface ShownPrice {
  adjustments: Adjustment[];
  /** In minor units. */
  totalMinor: number;
}

/**
 * The adjustments and the total of the lines, at the prices that the page shows. The worker decides the adjustments
 * with the same function. If the worker gets another total, it refuses the order.
 *
 * @param currency null if the lines have prices in several currencies. They cannot be ordered together
 */
export function shownPrice(
  lines: readonly ShownLine[],
  currency: string | null,
  decide: DecideAdjustments | null = decideAdjustments,
): ShownPrice {
  const items = lines
    .map(({ productId, quantity, priceMinor }) => ({ productId, quantity, unitPriceMinor: priceMinor }))
    .toSorted((one, other) => one.productId - other.productId);
  const adjustments = decide === null || currency === null || items.length === 0 ? [] : decide({ items, currency });
  return { adjustments, totalMinor: itemsMinor(items) + adjustmentsMinor(adjustments) };
}

/** The adjustments and the total of a cart. If the cart has several currencies, one sum for each of them. */
export function cartPrice(
  lines: PricedLine[],
  decide: DecideAdjustments | null = decideAdjustments,
): { adjustments: Adjustment[]; totals: Money[] } {
  const sums = totalsByCurrency(lines);
  const [sum, ...others] = sums;
  if (sum === undefined || others.length > 0) return { adjustments: [], totals: sums };
  const { currency } = sum;
  const { adjustments, totalMinor } = shownPrice(onSale(lines), currency, decide);
  return { adjustments, totals: [{ minor: totalMinor, currency }] };
}
