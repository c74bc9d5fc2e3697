import type { ProductBody } from '@widget-store/workflows/contract';
import type { CartLines } from './cart.js';
import { formatCount } from './format.js';
import { texts } from './texts.js';

/** A line of the cart with what the store says of its product. */
export interface PricedLine {
  productId: number;
  quantity: number;
  name: string;
  priceMinor: number;
  /** ISO 4217. */
  currency: string;
  /** Units that can be bought now. */
  inventory: number;
  /** Why the line cannot be bought as it is; null when it can. */
  problem: string | null;
}

/** @param products undefined before the first answer of the store */
export function priceLines({
  lines,
  products = [],
}: {
  lines: CartLines;
  products: ProductBody[] | undefined;
}): PricedLine[] {
  return lines.map(({ productId, quantity }) => {
    const product = products.find((known) => known.product_id === productId);
    const inventory = product?.inventory ?? 0;
    return {
      productId,
      quantity,
      name: product?.product ?? texts.cart.unknown,
      priceMinor: product?.price_minor ?? 0,
      currency: product?.currency ?? 'USD',
      inventory,
      problem: problemOf({ isKnown: product !== undefined, quantity, inventory }),
    };
  });
}

/** @returns minor units */
export function totalMinorOf(lines: Pick<PricedLine, 'quantity' | 'priceMinor'>[]): number {
  return lines.reduce((sum, { quantity, priceMinor }) => sum + quantity * priceMinor, 0);
}

interface Wanted {
  isKnown: boolean;
  quantity: number;
  inventory: number;
}

function problemOf({ isKnown, quantity, inventory }: Wanted): string | null {
  if (!isKnown) return texts.cart.unknown;
  if (inventory === 0) return texts.cart.gone;
  return quantity > inventory ? texts.cart.tooMany(formatCount(inventory)) : null;
}
