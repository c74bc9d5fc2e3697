import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Store } from '@widget-store/db';
import type { MiddlewareHandler } from 'hono';
import { defaultProductId } from '../cart';
import { readJsonText } from '../json';
import { joinedReads } from '../joinedReads';
import { adminOnly } from '../openapi/document';
import {
  adminProblems,
  bodyProblems,
  jsonResponse,
  onInvalid,
  postgresProblems,
  problems,
  textResponse,
} from '../openapi/responses';
import { productSchema } from '../openapi/schemas';
import { productBody } from '../presenters';
import { Problem } from '../problem';
import { productChangeSchema, readProductChange } from '../productChange';
import { noStore } from './noStore';

const fullInventory = 100;

export interface ProductRoutesDeps {
  store: Pick<Store, 'listProducts' | 'readProduct' | 'changeProduct' | 'restock'>;
  /** Guards the operator's calls. */
  admin: MiddlewareHandler;
}

const listProducts = createRoute({
  method: 'get',
  path: '/products',
  operationId: 'listProducts',
  summary: 'List all products',
  tags: ['products'],
  responses: { 200: jsonResponse(z.array(productSchema), 'The catalogue'), ...problems(...postgresProblems) },
});

const readProduct = createRoute({
  method: 'get',
  path: '/product',
  operationId: 'readProduct',
  summary: 'Read the default product',
  tags: ['products'],
  responses: { 200: jsonResponse(productSchema, 'The product'), ...problems('not_found', ...postgresProblems) },
});

/** An id in a path. It has at most nine digits, so that it fits the database column. */
const productId = z
  .string()
  .regex(/^[1-9]\d{0,8}$/)
  .transform(Number)
  .openapi({ type: 'integer', minimum: 1, maximum: 999_999_999, example: 2 });

const changeProduct = createRoute({
  method: 'patch',
  path: '/products/{product_id}',
  operationId: 'changeProduct',
  summary: 'Change the name, the description or the price of a product',
  description: 'Existing orders keep their price.',
  tags: ['products'],
  security: adminOnly,
  request: {
    params: z.object({ product_id: productId }),
    body: {
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/ProductChange' },
          example: { price_minor: 1799, description: 'A widget that fits into a pocket.' },
        },
      },
    },
  },
  responses: {
    200: jsonResponse(productSchema, 'The changed product'),
    ...problems(...adminProblems, 'not_found', 'invalid_product', ...bodyProblems, ...postgresProblems),
  },
});

const restock = createRoute({
  method: 'post',
  path: '/restock',
  operationId: 'restock',
  summary: `Make ${fullInventory} units of the default product available`,
  tags: ['products'],
  security: adminOnly,
  responses: {
    200: textResponse(z.literal('restocked'), 'Done'),
    ...problems(...adminProblems, ...postgresProblems),
  },
});

/** The routes of the catalogue, and of the default product and its stock. */
export function productRoutes({ store, admin }: ProductRoutesDeps) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.register('ProductChange', productChangeSchema);
  const catalogue = joinedReads(async () => (await store.listProducts()).map(productBody));
  const defaultProduct = joinedReads(async () => {
    const product = await store.readProduct(defaultProductId);
    return product && productBody(product);
  });
  return app
    .openapi(listProducts, async (c) => {
      return c.json(await catalogue(), 200, noStore);
    })
    .openapi(readProduct, async (c) => {
      const product = await defaultProduct();
      if (product === undefined) throw new Problem('not_found', 'The default product is not on sale.');
      return c.json(product, 200, noStore);
    })
    .openapi(
      { ...changeProduct, middleware: admin },
      async (c) => {
        const change = readProductChange(await readJsonText(c.req.raw));
        const product = await store.changeProduct({ productId: c.req.valid('param').product_id, ...change });
        if (product === undefined) throw new Problem('not_found', 'There is no such product.');
        return c.json(productBody(product), 200, noStore);
      },
      onInvalid('not_found', 'There is no such product.'),
    )
    .openapi({ ...restock, middleware: admin }, async (c) => {
      await store.restock({ productId: defaultProductId, available: fullInventory });
      return c.text('restocked', 200);
    });
}
