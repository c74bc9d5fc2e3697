import { z } from '@hono/zod-openapi';
import { defaultDrawing, isCurrency, maxImageUrlLength } from '@widget-store/contract';
import type { NewProduct, ProductChange } from '@widget-store/db';
import { parseImageUrl } from './imageUrl';
import { parseBody } from './json';
import { sha256 } from './sha256';

/** The maximum of the database column for prices. */
const maxPriceMinor = 2_147_483_647;

/**
 * Text without control characters or lone surrogates. Postgres refuses some of these characters, and none of
 * them is visible on a page.
 */
export const plainText = z.string().regex(/^[^\p{Cc}\p{Cs}]*$/u, 'no control characters');

/**
 * The characters that a pattern of the OpenAPI document forbids in a text. Such a pattern uses no `\p`, because not
 * every programming language understands it.
 */
const control = String.raw`\x00-\x1f\x7f-\x9f`;
export const plainPattern = `^[^${control}]*$`;
export const plainNotBlankPattern = `^[^${control}]*[^${control}\\s][^${control}]*$`;

const productFields = {
  product: plainText.trim().min(1).max(200).openapi({ pattern: plainNotBlankPattern, example: 'Pocket Widget' }),
  description: plainText
    .trim()
    .max(2000)
    .openapi({ pattern: plainPattern, example: 'A widget that fits into a pocket.' }),
  price_minor: z.int().min(1).max(maxPriceMinor),
  image_url: z.string().max(maxImageUrlLength).nullable().openapi({
    description:
      "An https URL at one of `IMAGE_ORIGINS`, or one of the store's own drawings. Null for the default drawing",
    example: defaultDrawing,
  }),
  on_sale: z.boolean().openapi({ description: 'Whether shoppers can buy the product and see it in the catalogue' }),
};

export const newProductSchema = z
  .strictObject({
    ...productFields,
    currency: z
      .string()
      .refine(isCurrency, 'not an active ISO 4217 code')
      .openapi({ pattern: '^[A-Z]{3}$', description: 'An active ISO 4217 code, which never changes', example: 'USD' }),
  })
  .partial({ image_url: true, on_sale: true });

export const productChangeSchema = z
  .strictObject(productFields)
  .partial()
  .refine((change) => Object.keys(change).length > 0, 'it must have at least one field')
  .openapi({ minProperties: 1 });

interface ReadOptions {
  /** The origins at which pictures can be. */
  imageOrigins: readonly string[];
}

/**
 * Reads a new product from the body of its request.
 *
 * @throws Problem `invalid_json`, or `invalid_product` with the name of the invalid field
 */
export function readNewProduct(text: string, { imageOrigins }: ReadOptions): Omit<NewProduct, 'idempotencyKey'> {
  const body = parseBody(text, newProductSchema, { code: 'invalid_product', subject: 'product' });
  const {
    product: name,
    description,
    price_minor: priceMinor,
    currency,
    image_url = null,
    on_sale: onSale = true,
  } = body;
  const imageUrl = image_url === null ? null : parseImageUrl(image_url, imageOrigins);
  const fields = { name, description, priceMinor, currency, imageUrl, onSale };
  return { ...fields, fingerprint: sha256(fields) };
}

/**
 * Reads a change from the body of a product edit: `{"price_minor": 4999}`.
 *
 * @throws Problem `invalid_json`, or `invalid_product` with the name of the invalid field
 */
export function readProductChange(text: string, { imageOrigins }: ReadOptions): ProductChange {
  const change = parseBody(text, productChangeSchema, { code: 'invalid_product', subject: 'change' });
  const { product: name, description, price_minor: priceMinor, image_url: imageUrl, on_sale: onSale } = change;
  const isUrl = typeof imageUrl === 'string';
  return { name, description, priceMinor, onSale, imageUrl: isUrl ? parseImageUrl(imageUrl, imageOrigins) : imageUrl };
}
