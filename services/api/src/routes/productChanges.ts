import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { Store } from '@widget-store/db';
import type { MiddlewareHandler } from 'hono';
import { readJsonText } from '../json';
import { operatorOf } from '../middleware/requireAdmin';
import { adminOnly } from '../openapi/document';
import { idempotencyKeyHeader, onInvalidKey } from '../openapi/idempotencyKey';
import {
  adminProblems,
  adminReadProblems,
  bodyProblems,
  createdHeaders,
  jsonResponse,
  linkHeader,
  onInvalid,
  postgresProblems,
  problems,
  versionHeader,
} from '../openapi/responses';
import { productId, productSchema, productsPageQuery } from '../openapi/productSchemas';
import { productBody } from '../presenters';
import { Problem, unknownProduct } from '../problem';
import { newProductSchema, productChangeSchema, readNewProduct, readProductChange } from '../productChange';
import { versionsOf, versionTag } from '../versionTag';
import { noStore } from './noStore';
import { linkNextPage } from './linkNextPage';

export interface ProductChangeRoutesDeps {
  store: Pick<Store, 'changeProduct' | 'createProduct' | 'listProducts'>;
  /** Checks the admin token. */
  admin: MiddlewareHandler;
  /** The origins at which pictures of products can be. */
  imageOrigins: readonly string[];
}

const shared = { tags: ['products'], security: adminOnly };

const listAllProducts = createRoute({
  ...shared,
  method: 'get',
  path: '/ops/products',
  operationId: 'listAllProducts',
  summary: 'List all products, including those that are not on sale, sorted by product id',
  request: { query: productsPageQuery },
  responses: {
    200: jsonResponse(z.array(productSchema), 'A page of products', linkHeader),
    ...problems('invalid_page', ...adminReadProblems, ...postgresProblems),
  },
});

const createProduct = createRoute({
  ...shared,
  method: 'post',
  path: '/products',
  operationId: 'createProduct',
  summary: 'Create a product without stock',
  description: 'A repetition with the same key creates nothing, and gets the product as it is now.',
  request: {
    headers: idempotencyKeyHeader,
    body: {
      required: true,
      content: {
        'application/json': {
          schema: { $ref: '#/components/schemas/NewProduct' },
          example: { product: 'Tea Widget', description: 'Keeps a cup warm.', price_minor: 2500, currency: 'USD' },
        },
      },
    },
  },
  responses: {
    201: jsonResponse(productSchema, 'The product', createdHeaders),
    ...problems(
      'invalid_idempotency_key',
      'invalid_product',
      'idempotency_key_reused',
      ...bodyProblems,
      ...adminProblems,
      ...postgresProblems,
    ),
  },
});

const changeProduct = createRoute({
  ...shared,
  method: 'patch',
  path: '/products/{product_id}',
  operationId: 'changeProduct',
  summary: 'Change the name, the description, the price or the picture of a product, or whether it is on sale',
  description:
    'Placed orders keep the old name and price. Without `If-Match`, the api does not check the version of the product.',
  request: {
    params: z.object({ product_id: productId }),
    headers: z.object({
      'if-match': z
        .string()
        .optional()
        .openapi({ description: 'The `ETag` of the product version that the operator has seen', example: '*' }),
    }),
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
    200: jsonResponse(productSchema, 'The changed product', versionHeader),
    ...problems(
      'not_found',
      'product_changed',
      'invalid_product',
      'product_busy',
      ...bodyProblems,
      ...adminProblems,
      ...postgresProblems,
    ),
  },
});

/** The routes on which operators create and change products. */
export function productChangeRoutes({ store, admin, imageOrigins }: ProductChangeRoutesDeps) {
  const app = new OpenAPIHono();
  app.openAPIRegistry.register('NewProduct', newProductSchema);
  app.openAPIRegistry.register('ProductChange', productChangeSchema);
  return app
    .openapi(
      { ...listAllProducts, middleware: admin },
      async (c) => {
        const { limit, cursor } = c.req.valid('query');
        const page = await store.listProducts({ limit, after: cursor, withHidden: true });
        linkNextPage(c, page.nextAfter);
        return c.json(page.products.map(productBody), 200, noStore);
      },
      onInvalid('invalid_page', 'limit must be from 1 to 100, and cursor must come from a Link header.'),
    )
    .openapi(
      { ...createProduct, middleware: admin },
      async (c) => {
        const fields = readNewProduct(await readJsonText(c.req.raw), { imageOrigins });
        const created = await store.createProduct({
          ...fields,
          operator: operatorOf(c),
          idempotencyKey: c.req.valid('header')['idempotency-key'],
        });
        if (created.outcome === 'key_is_used') {
          throw new Problem('idempotency_key_reused', 'This idempotency key was used for another product.');
        }
        const { outcome, product } = created;
        if (outcome === 'replayed') c.header('Idempotent-Replayed', 'true');
        const headers = { ...noStore, ETag: versionTag(product), Location: `/products/${product.productId}` };
        return c.json(productBody(product), 201, headers);
      },
      onInvalidKey('invalid_product', 'The product is not valid.'),
    )
    .openapi(
      { ...changeProduct, middleware: admin },
      async (c) => {
        const changed = await store.changeProduct({
          ...readProductChange(await readJsonText(c.req.raw), { imageOrigins }),
          productId: c.req.valid('param').product_id,
          operator: operatorOf(c),
          versions: versionsOf(c.req.valid('header')['if-match']),
        });
        if (changed === undefined) throw new Problem(...unknownProduct);
        if (changed.outcome === 'other_version') {
          throw new Problem('product_changed', 'Somebody has changed the product since you read it. Read it again.');
        }
        const { product } = changed;
        return c.json(productBody(product), 200, { ...noStore, ETag: versionTag(product) });
      },
      onInvalid(...unknownProduct),
    );
}
