import type { OrderBody, ProductBody } from '@widget-store/api';
import type { CartLines } from './cart.js';
import { formatCount } from './format.js';
import { texts } from './texts.js';

/** A cart line with the price and stock of its product. */
export interface PricedLine {
  productId: number;
  quantity: number;
  name: string;
  /** Null for the default drawing. */
  imageUrl: string | null;
  /** False if the product is not on sale. Such a line cannot be ordered, but the rest of the cart can. */
  isOnSale: boolean;
  priceMinor: number;
  /** The price that the shopper saw earlier; null if it is unknown or has not changed. */
  earlierPriceMinor: number | null;
  /** ISO 4217. */
  currency: string;
  /** Units in stock. */
  inventory: number;
  /** Why the line cannot be ordered; null if it can. */
  problem: string | null;
}

/** @param products undefined before the store's first answer */
export function withPrices({
  lines,
  products = [],
}: {
  lines: CartLines;
  products: ProductBody[] | undefined;
}): PricedLine[] {
  return lines.map(({ productId, quantity, priceMinor: seenMinor }) => {
    const product = products.find((candidate) => candidate.product_id === productId);
    const inventory = product?.inventory ?? 0;
    const isOnSale = product?.on_sale ?? false;
    return {
      productId,
      quantity,
      name: product?.product ?? texts.cart.unknownName(String(productId)),
      imageUrl: product?.image_url ?? null,
      isOnSale,
      priceMinor: product?.price_minor ?? 0,
      earlierPriceMinor: seenMinor !== undefined && product && product.price_minor !== seenMinor ? seenMinor : null,
      currency: product?.currency ?? 'USD',
      inventory,
      problem: problemOf({ isOnSale, quantity, inventory }),
    };
  });
}

/** The items in words, for example "2 × Pocket Widget, Outdoor Widget". */
export function itemsText(items: { name: string; quantity: number }[]): string {
  return items.map(({ name, quantity }) => (quantity === 1 ? name : `${formatCount(quantity)} × ${name}`)).join(', ');
}

export function orderItemsText({ items }: Pick<OrderBody, 'items'>): string {
  return itemsText(items.map(({ product: name, quantity }) => ({ name, quantity })));
}

/** The lines that an order can contain, because their products are on sale. */
export function onSale(lines: PricedLine[]): PricedLine[] {
  return lines.filter((line) => line.isOnSale);
}

/** One total for each currency, in minor units, because amounts in different currencies cannot be added. */
export function totalsByCurrency(lines: PricedLine[]): { minor: number; currency: string }[] {
  const sums = new Map<string, number>();
  for (const { currency, quantity, priceMinor } of onSale(lines)) {
    sums.set(currency, (sums.get(currency) ?? 0) + quantity * priceMinor);
  }
  return [...sums].map(([currency, minor]) => ({ minor, currency }));
}

function problemOf({
  isOnSale,
  quantity,
  inventory,
}: Pick<PricedLine, 'isOnSale' | 'quantity' | 'inventory'>): string | null {
  if (!isOnSale) return texts.cart.notOnSale;
  if (inventory === 0) return texts.cart.soldOut;
  return quantity > inventory ? texts.cart.tooMany(formatCount(inventory)) : null;
}
