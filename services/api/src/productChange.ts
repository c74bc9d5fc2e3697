import { z } from '@hono/zod-openapi';
import { parseBody } from './json';

/** The maximum of the database column. */
const maxPriceMinor = 2_147_483_647;

/** No control characters and no lone surrogates: Postgres refuses some of them, and pages cannot show them. */
export const plainText = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u, 'no control characters');

/** The same rule as a pattern for the OpenAPI document. Every programming language must understand this pattern. */
const control = String.raw`\x00-\x1f\x7f-\x9f`;
export const plainPattern = `^[^${control}]*$`;
const plainNotBlankPattern = `^[^${control}]*[^${control}\\s][^${control}]*$`;

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
