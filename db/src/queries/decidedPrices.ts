import {
  type Adjustment,
  adjustmentsMinor,
  type DecideAdjustments,
  failureTypes,
  itemsMinor,
  type OrderLine,
} from '@widget-store/contract';
import { StoreError } from '../errors';
import type { Database } from '../postgres/database';
import { readProducts } from './products';

/** The adjustments of an order, and the prices for which they were decided. */
export interface DecidedPrices {
  adjustments: Adjustment[];
  /** The unit price of each line, in minor units. Null for an unknown product. */
  pricesMinor: (number | null)[];
  /** Null if a product is unknown or the currencies differ. Nothing is decided then. */
  currency: string | null;
}

interface OrderToPrice {
  lines: OrderLine[];
  decideAdjustments?: DecideAdjustments | null | undefined;
}

/**
 * Reads the prices of the lines and decides the adjustments. A price can change before the order is placed, so the
 * statement that places the order must compare the prices.
 *
 * @returns null if the store has no function that decides adjustments, because then no price needs to be read.
 * `DatabaseRejected` if the function throws, returns an amount that is not a safe integer, or makes the total less
 * than 1
 */
export async function decidePrices(
  db: Database,
  { lines, decideAdjustments }: OrderToPrice,
): Promise<DecidedPrices | StoreError | null> {
  if (!decideAdjustments) return null;
  const productIds = lines.map(({ productId }) => productId);
  const products = new Map((await readProducts(db, productIds)).map((product) => [product.productId, product]));
  const pricesMinor = productIds.map((productId) => products.get(productId)?.priceMinor ?? null);
  const [currency, ...others] = new Set(productIds.map((productId) => products.get(productId)?.currency));
  if (currency === undefined || others.length > 0) return { adjustments: [], pricesMinor, currency: null };
  const items = lines.map((line, index) => ({ ...line, unitPriceMinor: pricesMinor[index] ?? 0 }));
  try {
    const adjustments = decideAdjustments({ items, currency });
    const totalMinor = itemsMinor(items) + adjustmentsMinor(adjustments);
    const areExact = [totalMinor, ...adjustments.map(({ amountMinor }) => amountMinor)].every(Number.isSafeInteger);
    if (!areExact || totalMinor < 1)
      throw new RangeError(`the amounts and the total (${totalMinor}) must be safe integers, and the total at least 1`);
    return { adjustments, pricesMinor, currency };
  } catch (error) {
    return new StoreError(failureTypes.databaseRejected, `decideAdjustments has failed: ${String(error)}`);
  }
}
