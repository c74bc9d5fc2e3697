import { z } from '@hono/zod-openapi';
import { parseBody } from './json';

/** The maximum of the database column. */
const maxPriceMinor = 2_147_483_647;

/** No control characters and no lone surrogates: Postgres refuses some of them, and pages cannot show them. */
const plain = /^[^\p{Cc}\p{Cs}]*$/u;
const plainText = z.string().regex(plain, 'no control characters').openapi({ pattern: plain.source });

export const productChangeSchema = z
  .strictObject({
    product: plainText.trim().min(1).max(200).optional(),
    description: plainText.trim().max(2000).optional(),
    price_minor: z.int().min(1).max(maxPriceMinor).optional(),
  })
  .refine((change) => Object.keys(change).length > 0, 'at least one of product, description and price_minor');

/**
 * Reads a change from the body of a product edit: `{"price_minor": 4999}`.
 *
 * @throws Problem `invalid_json`, or `invalid_product` with the field that is wrong
 */
export function readProductChange(text: string) {
  const change = parseBody(text, productChangeSchema, { code: 'invalid_product', subject: 'change' });
  const { product, description, price_minor } = change;
  return { name: product, description, priceMinor: price_minor };
}
