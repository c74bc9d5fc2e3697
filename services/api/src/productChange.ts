import { z } from '@hono/zod-openapi';
import { parseBody } from './json';

/** The maximum of the database column for prices. */
const maxPriceMinor = 2_147_483_647;

/** Text without control characters or lone surrogates. Postgres refuses some of them, and pages cannot show them. */
export const plainText = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u, 'no control characters');

/**
 * The characters that a pattern of the OpenAPI document forbids in a text. Such a pattern uses no `\p`, because not
 * every programming language understands it.
 */
const control = String.raw`\x00-\x1f\x7f-\x9f`;
export const plainPattern = `^[^${control}]*$`;
export const plainNotBlankPattern = `^[^${control}]*[^${control}\\s][^${control}]*$`;

export const productChangeSchema = z
  .strictObject({
    product: plainText
      .trim()
      .min(1)
      .max(200)
      .optional()
      .openapi({ pattern: plainNotBlankPattern, example: 'Pocket Widget' }),
    description: plainText
      .trim()
      .max(2000)
      .optional()
      .openapi({ pattern: plainPattern, example: 'A widget that fits into a pocket.' }),
    price_minor: z.int().min(1).max(maxPriceMinor).optional(),
  })
  .refine(
    (change) => Object.keys(change).length > 0,
    'it must have at least one of product, description and price_minor',
  )
  .openapi({ minProperties: 1 });

/**
 * Reads a change from the body of a product edit: `{"price_minor": 4999}`.
 *
 * @throws Problem `invalid_json`, or `invalid_product` with the name of the invalid field
 */
export function readProductChange(text: string) {
  const change = parseBody(text, productChangeSchema, { code: 'invalid_product', subject: 'change' });
  const { product, description, price_minor } = change;
  return { name: product, description, priceMinor: price_minor };
}
