import { maxCartLines } from '@widget-store/contract';
import { createStoredValue, isObject, type KeyStorage, type SharedValue } from './storedValue.js';

interface CartLine {
  readonly productId: number;
  /** From 1 to `maxQuantity`. */
  readonly quantity: number;
  /**
   * The price of one unit when the shopper last added the product, in minor units. If the current price is different,
   * the cart shows both prices.
   */
  readonly priceMinor?: number;
}

/** A line with the unit price that the shopper was shown. */
export type ShownLine = CartLine & Required<Pick<CartLine, 'priceMinor'>>;

/** One line per product, in the order in which the products were first added. */
export type CartLines = readonly CartLine[];

/** The shopper's cart. All tabs share it, and it survives a reload. It contains no stock levels. */
export interface Cart extends SharedValue<CartLines> {
  /** Adds lines. If the cart is full, ignores products that are not in the cart yet. */
  add: (lines: CartLines) => void;
  /** @param quantity 0 removes the product */
  setQuantity: (productId: number, quantity: number) => void;
  /** Subtracts the ordered quantities. Items that were added after the checkout started stay in the cart. */
  removeOrdered: (lines: CartLines) => void;
}

/** The maximum quantity of one product. The api accepts more, but a larger number is probably a typing error. */
export const maxQuantity = 99;

export function createCart(storage: KeyStorage): Cart {
  const { current, set, subscribe, onStorageEvent } = createStoredValue<CartLines>({
    storage,
    name: 'widget-store.cart',
    parse: (stored) => (Array.isArray(stored) ? stored.reduce(addParsed, []) : []),
    isEmpty: (lines) => lines.length === 0,
  });
  return {
    current,
    subscribe,
    onStorageEvent,
    add: (lines) => set(lines.reduce(addLine, current())),
    setQuantity: (productId, quantity) => set(withLine(current(), { productId, quantity })),
    removeOrdered: (lines) =>
      set(
        lines.reduce((rest, { productId, quantity }) => addLine(rest, { productId, quantity: -quantity }), current()),
      ),
  };
}

/** @returns the number of units of all lines */
export function countItems(lines: CartLines): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

export function quantityOf(lines: CartLines, productId: number): number {
  return lines.find((line) => line.productId === productId)?.quantity ?? 0;
}

/** Whether the cart has no room for another product. */
export function isFull(lines: CartLines): boolean {
  return lines.length >= maxCartLines;
}

/** Parses a line from the storage. @returns undefined if the line is invalid */
export function parseLine(value: unknown): CartLine | undefined {
  if (!isObject(value)) return undefined;
  const { productId, quantity, priceMinor } = value;
  if (!isPositiveInteger(productId) || !isPositiveInteger(quantity)) return undefined;
  return { productId, quantity, ...(isPositiveInteger(priceMinor) && { priceMinor }) };
}

/** Whether both lists have the same quantities of the same products. */
export function haveSameItems(one: CartLines, other: CartLines): boolean {
  return (
    one.length === other.length && one.every(({ productId, quantity }) => quantityOf(other, productId) === quantity)
  );
}

function isPositiveInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function addParsed(lines: CartLines, value: unknown): CartLines {
  const line = parseLine(value);
  return line === undefined ? lines : addLine(lines, line);
}

function addLine(lines: CartLines, added: CartLine): CartLines {
  return withLine(lines, { ...added, quantity: quantityOf(lines, added.productId) + added.quantity });
}

/**
 * Replaces the line of a product, or adds the line if the cart has room. If the new line has no price, the replaced
 * line's price stays. A quantity of 0 or less removes the line.
 */
function withLine(lines: CartLines, next: CartLine): CartLines {
  const { productId } = next;
  const capped = { ...next, quantity: Math.min(next.quantity, maxQuantity) };
  if (capped.quantity <= 0) return lines.filter((line) => line.productId !== productId);
  if (quantityOf(lines, productId) === 0) return isFull(lines) ? lines : [...lines, capped];
  return lines.map((line) => (line.productId === productId ? { ...line, ...capped } : line));
}
