import { maxCartLines, type OrderLine } from '@widget-store/contract';
import { z } from '@hono/zod-openapi';
import { parseBody } from './json';
import { Problem } from './problem';
import { sha256 } from './sha256';

export const defaultProductId = 1;

const maxQuantity = 1000;
const quantity = z.int().min(1).max(maxQuantity);

export const cartLineSchema = z.strictObject({ product_id: z.int().min(1).max(2_147_483_647), quantity });

/** The body of the request that starts a checkout. Several of its `items` can name the same product. */
export const cartSchema = z.strictObject({
  items: z.array(cartLineSchema).min(1).max(maxCartLines).optional(),
  expected_total_minor: z.int().min(1).optional().openapi({
    description:
      'The total that the shopper was shown, in integer minor units. If the cart costs something else, nothing is reserved and the answer is `total_changed`',
    example: 19_998,
  }),
});

/**
 * What a checkout buys. With the fingerprint, the api notices that a client uses an idempotency key again with another
 * cart or another expected total.
 */
export interface Cart {
  /** One line for each product, sorted by product id. */
  lines: OrderLine[];
  /** Undefined if the client accepts any total. */
  expectedTotalMinor: number | undefined;
  /** SHA-256 of the lines and the expected total in their canonical form, in hexadecimal. */
  fingerprint: string;
}

/**
 * Reads a cart from the body of a checkout: `{"items": [{"product_id": 1, "quantity": 2}]}`. Without a body or items,
 * the cart is one unit of the default product. The quantities of lines with the same product are added up. A price is
 * refused as an unknown field, because the store sets the prices. A client can only say which total it expects.
 *
 * @throws Problem `invalid_json`, or `invalid_cart` with the name of the invalid field
 */
export function readCart(text: string): Cart {
  const body: z.output<typeof cartSchema> =
    text.trim() === '' ? {} : parseBody(text, cartSchema, { code: 'invalid_cart', subject: 'cart' });
  const items = body.items ?? [{ product_id: defaultProductId, quantity: 1 }];
  const lines = addUpLines(items);
  if (lines.some((line) => line.quantity > maxQuantity)) {
    throw new Problem('invalid_cart', `A cart can have at most ${maxQuantity} units of one product.`);
  }
  const { expected_total_minor: expectedTotalMinor } = body;
  return { lines, expectedTotalMinor, fingerprint: fingerprintOf(lines, expectedTotalMinor) };
}

/**
 * Adds up the quantities of each product.
 *
 * @returns one line for each product, sorted by product id
 */
export function addUpLines(items: z.infer<typeof cartLineSchema>[]): OrderLine[] {
  const sums = new Map<number, number>();
  for (const item of items) sums.set(item.product_id, (sums.get(item.product_id) ?? 0) + item.quantity);
  return [...sums]
    .map(([productId, sum]) => ({ productId, quantity: sum }))
    .toSorted((one, other) => one.productId - other.productId);
}

function fingerprintOf(lines: OrderLine[], expectedTotalMinor: number | undefined): string {
  const pairs = lines.map((line) => [line.productId, line.quantity]);
  const canonical = expectedTotalMinor === undefined ? pairs : { lines: pairs, expectedTotalMinor };
  return sha256(canonical);
}
