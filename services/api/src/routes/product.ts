import { createHash } from 'node:crypto';
import { createRoute, OpenAPIHono, z } from '@hono/zod-openapi';
import type { ProductRow, Store } from '@widget-store/db';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { defaultProductId } from '../cart';
import { joinedReads } from '../joinedReads';
import {
  catalogueLinkHeader,
  etagHeader,
  jsonResponse,
  notModified,
  onInvalid,
  postgresProblems,
  problems,
  versionHeader,
} from '../openapi/responses';
import { type ProductBody, productId, productSchema, productsQuery } from '../openapi/productSchemas';
import { productBody } from '../presenters';
import { Problem, unknownProduct } from '../problem';
import { versionTag } from '../versionTag';
import { noStore } from './noStore';

export interface ProductRoutesDeps {
  store: Pick<Store, 'listProducts' | 'readProduct' | 'readProducts'>;
}

const listProducts = createRoute({
  method: 'get',
  path: '/products',
  operationId: 'listProducts',
  summary: 'List the products that are on sale, sorted by product id',
  tags: ['products'],
  request: { query: productsQuery },
  responses: {
    200: jsonResponse(z.array(productSchema), 'A page of the catalogue', { ...catalogueLinkHeader, ...etagHeader }),
    ...notModified,
    ...problems('invalid_page', ...postgresProblems),
  },
});

const readProduct = createRoute({
  method: 'get',
  path: '/product',
  operationId: 'readProduct',
  summary: 'Read the default product',
  tags: ['products'],
  responses: { 200: jsonResponse(productSchema, 'The product'), ...problems('not_found', ...postgresProblems) },
});

const readProductById = createRoute({
  method: 'get',
  path: '/products/{product_id}',
  operationId: 'readProductById',
  summary: 'Read a product, whether it is on sale or not',
  description:
    'The `ETag` is the version of the product. It changes when an operator changes the product, but not when its stock changes.',
  tags: ['products'],
  request: { params: z.object({ product_id: productId }) },
  responses: {
    200: jsonResponse(productSchema, 'The product', versionHeader),
    ...problems('not_found', ...postgresProblems),
  },
});

/**
 * Every open catalogue or cart page requests its products every two seconds. The browser keeps the last response, and
 * gets 304 as long as its content is the same.
 */
const revalidated = { 'Cache-Control': 'no-cache', Vary: 'Accept-Encoding' };

/** The routes that read the catalogue. */
export function productRoutes({ store }: ProductRoutesDeps) {
  const readPage = joinedPages(store);
  const defaultProduct = joinedReads(async () => {
    const product = await store.readProduct(defaultProductId);
    return product && productBody(product);
  });
  return new OpenAPIHono()
    .openapi(
      { ...listProducts, middleware: [compress(), etag()] },
      async (c) => {
        const { limit, cursor, ids } = c.req.valid('query');
        const list = await (ids === undefined
          ? readPage({ limit, after: cursor ?? 0 })
          : store.readProducts(ids).then((products) => productList({ products })));
        const links = linksOf(list, limit);
        if (links !== '') c.header('Link', links);
        return c.json(list.products, 200, { ...revalidated, ETag: list.etag });
      },
      onInvalid(
        'invalid_page',
        'limit must be from 1 to 100, cursor must come from a Link header, and ids must be at most 100 numbers.',
      ),
    )
    .openapi(readProduct, async (c) => {
      const product = await defaultProduct();
      if (product === undefined) throw new Problem('not_found', 'The store has no default product.');
      return c.json(product, 200, noStore);
    })
    .openapi(
      readProductById,
      async (c) => {
        const product = await store.readProduct(c.req.valid('param').product_id);
        if (product === undefined) throw new Problem(...unknownProduct);
        return c.json(productBody(product), 200, { ...noStore, ETag: versionTag(product) });
      },
      onInvalid(...unknownProduct),
    );
}

/** Rows of the catalogue. A list of products by their ids has no next and no previous page. */
interface ProductRows {
  products: ProductRow[];
  /** The `cursor` of the next page. Undefined on the last page. */
  nextAfter?: number | undefined;
  /** The `cursor` of the previous page; 0 if that is the first page. Undefined on the first page. */
  previousAfter?: number | undefined;
}

/** A part of the catalogue, as clients see it. */
interface ProductList extends Omit<ProductRows, 'products'> {
  products: ProductBody[];
  etag: string;
}

function linksOf({ nextAfter, previousAfter }: ProductList, limit: number): string {
  const link = (rel: string, after: number | undefined) =>
    after === undefined ? [] : [`</products?limit=${limit}${after === 0 ? '' : `&cursor=${after}`}>; rel="${rel}"`];
  return [...link('next', nextAfter), ...link('prev', previousAfter)].join(', ');
}

/** Reads pages of the catalogue. Concurrent requests for the same page share a read. */
function joinedPages(store: Pick<Store, 'listProducts'>) {
  const readPages = joinedReads(async (keys: string[]) => {
    const pages = await Promise.all(
      keys.map((key) => {
        const [limit = 0, after] = key.split(':').map(Number);
        return store.listProducts({ limit, after });
      }),
    );
    return new Map(pages.map((page, index) => [keys[index], productList(page)]));
  });
  return async ({ limit, after }: { limit: number; after: number }): Promise<ProductList> => {
    const key = `${limit}:${after}`;
    return (await readPages(key)).get(key) ?? productList({ products: [] });
  };
}

/**
 * The ETag depends on the links too. If a product is added after a full last page, the products of that page stay the
 * same, but its `Link` header changes.
 */
function productList({ products: rows, nextAfter, previousAfter }: ProductRows): ProductList {
  const products = rows.map(productBody);
  const hash = createHash('sha256').update(JSON.stringify([products, nextAfter, previousAfter]));
  return { products, nextAfter, previousAfter, etag: `"${hash.digest('base64url')}"` };
}
