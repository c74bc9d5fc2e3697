import { z } from '@hono/zod-openapi';
import { stockMovementKinds } from '@widget-store/contract';
import { currency, decimal, imageUrl, instant, minor, orderId, orderNumber, pageQuery, refundId } from './schemas';

/* The schemas of products and their stock. The storefront uses the types of the bodies. */

/** An id of a product in a path. It has at most nine digits, so that it fits the database column. */
export const productId = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number)
  .openapi({ type: 'integer', minimum: 1, maximum: 999_999_999, example: 2 });

const productIdsPattern = /^[1-9][0-9]{0,8}(,[1-9][0-9]{0,8}){0,99}$/;

/** The query of a list of products. Its cursor is limited to the values that fit the database column of product ids. */
export const productsPageQuery = pageQuery.extend({
  cursor: z.coerce.number().int().min(1).max(2_147_483_647).optional().openapi({
    description: 'The cursor from the `Link` header of the previous page',
    example: 50,
  }),
});

/** The query of the catalogue. */
export const productsQuery = productsPageQuery.extend({
  ids: z
    .string()
    .regex(productIdsPattern)
    .transform((list) => list.split(',').map(Number))
    .optional()
    .openapi({
      type: 'string',
      pattern: productIdsPattern.source,
      description:
        'The ids of up to 100 products. The response then contains these products instead of a page. Unknown ids are ignored',
      example: '1,2',
    }),
});

export const productSchema = z
  .object({
    product_id: z.int().min(1),
    product: z.string().openapi({ description: 'The name of the product', example: 'Premium Quality Widget' }),
    description: z.string(),
    inventory: z.int().min(0).openapi({ description: 'Units that can be bought now' }),
    price: decimal,
    price_minor: minor,
    currency,
    image_url: imageUrl,
    on_sale: z.boolean().openapi({ description: 'Whether the catalogue offers the product. It can be sold out' }),
  })
  .openapi('Product');
export type ProductBody = z.output<typeof productSchema>;

const inventory = z.int().min(0).openapi({ description: 'Units that can be bought' });

export const inventorySchema = z.object({ inventory }).openapi('Inventory');

export const stockLevelSchema = z
  .object({
    inventory,
    reserved: z.int().min(0).openapi({ description: 'Units that unfinished orders hold. They cannot be bought' }),
  })
  .openapi('StockLevel');
export type StockLevelBody = z.output<typeof stockLevelSchema>;

export const stockMovementSchema = z
  .object({
    movement_id: z.int(),
    created_at: instant,
    reason: z.enum(stockMovementKinds).openapi({
      description:
        '`seed`: the initial stock. `restock`: the stock was set to a number. `hold`: reserved for an order. `release`: an order was cancelled. `return`: units of an order came back, with or without a refund. The others are the reasons of adjustments',
    }),
    change: z.int().openapi({ description: 'Units added (positive) or removed (negative)' }),
    inventory: z.int().min(0).openapi({ description: 'The inventory after the change' }),
    order_id: orderId.nullable(),
    order_number: orderNumber.nullable(),
    refund_id: refundId.nullable(),
    note: z.string().nullable(),
    requested_by: z
      .string()
      .nullable()
      .openapi({ description: 'Which operator made the change; null if no operator did' }),
  })
  .openapi('StockMovement');
export type StockMovementBody = z.output<typeof stockMovementSchema>;
