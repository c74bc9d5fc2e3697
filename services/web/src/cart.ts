import { maxCartLines } from '@widget-store/contract';
import { createStoredValue, isObject, type KeyStorage, type SharedValue } from './storedValue.js';

interface CartLine {
  readonly productId: number;
  /** From 1 to `maxQuantity`. */
  readonly quantity: number;
}

/** One line per product, in the order in which the products were first added. */
export type CartLines = readonly CartLine[];

/** The shopper's cart. All tabs share it, and it survives a reload. It contains no prices and no stock levels. */
export interface Cart extends SharedValue<CartLines> {
  /** Adds lines. If the cart is full, products that are not in the cart are ignored. */
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
    setQuantity: (productId, quantity) => set(withQuantity(current(), { productId, quantity })),
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
  const { productId, quantity } = value;
  if (!isPositiveInteger(productId) || !isPositiveInteger(quantity)) return undefined;
  return { productId, quantity };
}

function isPositiveInteger(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0;
}

function addParsed(lines: CartLines, value: unknown): CartLines {
  const line = parseLine(value);
  return line === undefined ? lines : addLine(lines, line);
}

function addLine(lines: CartLines, { productId, quantity }: CartLine): CartLines {
  return withQuantity(lines, { productId, quantity: quantityOf(lines, productId) + quantity });
}

function withQuantity(lines: CartLines, { productId, quantity }: CartLine): CartLines {
  const capped = Math.min(quantity, maxQuantity);
  if (capped <= 0) return lines.filter((line) => line.productId !== productId);
  if (quantityOf(lines, productId) === 0) return isFull(lines) ? lines : [...lines, { productId, quantity: capped }];
  return lines.map((line) => (line.productId === productId ? { productId, quantity: capped } : line));
}
