import { maxCartLines } from '@widget-store/contract';
import { createStoredValue, isObject, type KeyStorage, type StoredValue } from './storedValue.js';

export interface CartLine {
  readonly productId: number;
  /** 1 to `mostOfOne`. */
  readonly quantity: number;
}

/** In the order in which the products were first added, one line a product. */
export type CartLines = readonly CartLine[];

/** What the shopper means to buy: the same in every tab, and after a reload. Prices and stock are the store's. */
export interface Cart extends Pick<StoredValue<CartLines>, 'current' | 'subscribe' | 'changedElsewhere'> {
  /** A product that a full cart does not have yet is left out. */
  add: (lines: CartLines) => void;
  /** @param quantity 0 takes the product out */
  setQuantity: (productId: number, quantity: number) => void;
  /** Takes out what was ordered; what another tab has added meanwhile stays. */
  ordered: (lines: CartLines) => void;
}

/** Units of one product. The api takes more, but a shopper who asks for more has mistyped. */
export const mostOfOne = 99;

export function createCart(storage: KeyStorage): Cart {
  const { current, set, subscribe, changedElsewhere } = createStoredValue<CartLines>({
    storage,
    name: 'widget-store.cart',
    parse: (stored) => (Array.isArray(stored) ? stored.reduce(addParsed, []) : []),
    isEmpty: (lines) => lines.length === 0,
  });
  return {
    current,
    subscribe,
    changedElsewhere,
    add: (lines) => set(lines.reduce(addLine, current())),
    setQuantity: (productId, quantity) => set(withQuantity(current(), { productId, quantity })),
    ordered: (lines) =>
      set(
        lines.reduce((left, { productId, quantity }) => addLine(left, { productId, quantity: -quantity }), current()),
      ),
  };
}

/** How many items there are in all. */
export function countItems(lines: CartLines): number {
  return lines.reduce((sum, { quantity }) => sum + quantity, 0);
}

export function quantityOf(lines: CartLines, productId: number): number {
  return lines.find((line) => line.productId === productId)?.quantity ?? 0;
}

/** Whether the cart has room for what it holds already, and for no other product. */
export function isFull(lines: CartLines): boolean {
  return lines.length >= maxCartLines;
}

/** Reads a line from the storage; undefined for what is no line. */
export function parseLine(value: unknown): CartLine | undefined {
  if (!isObject(value)) return undefined;
  const { productId, quantity } = value;
  if (!isWhole(productId) || !isWhole(quantity)) return undefined;
  return { productId, quantity };
}

function isWhole(value: unknown): value is number {
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
  const kept = Math.min(quantity, mostOfOne);
  if (kept <= 0) return lines.filter((line) => line.productId !== productId);
  if (quantityOf(lines, productId) === 0) return isFull(lines) ? lines : [...lines, { productId, quantity: kept }];
  return lines.map((line) => (line.productId === productId ? { productId, quantity: kept } : line));
}
