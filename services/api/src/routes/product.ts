import type { Store } from '@widget-store/db';
import { Hono, type MiddlewareHandler } from 'hono';
import { defaultProductId } from '../cart';
import { readJsonText } from '../json';
import { productBody } from '../presenters';
import { Problem } from '../problem';
import { readProductChange, readProductId } from '../productChange';

const fullInventory = 100;

export interface ProductRoutesDeps {
  store: Pick<Store, 'listProducts' | 'readProduct' | 'changeProduct' | 'restock'>;
  /** Stands before the calls of the shopkeeper. */
  admin: MiddlewareHandler;
}

/** What is on sale, and the default product with its stock. */
export function productRoutes({ store, admin }: ProductRoutesDeps) {
  return new Hono()
    .get('/products', async (c) => {
      const products = await store.listProducts();
      return c.json(products.map(productBody), 200, { 'Cache-Control': 'no-store' });
    })
    .get('/product', async (c) => {
      const product = await store.readProduct(defaultProductId);
      if (product === undefined) throw new Problem('not_found', 'The default product is not on sale.');
      return c.json(productBody(product), 200, { 'Cache-Control': 'no-store' });
    })
    .patch('/products/:productId', admin, async (c) => {
      const productId = readProductId(c.req.param('productId'));
      const change = readProductChange(await readJsonText(c.req.raw));
      const product = productId === undefined ? undefined : await store.changeProduct({ productId, ...change });
      if (product === undefined) throw new Problem('not_found', 'There is no such product.');
      return c.json(productBody(product), 200, { 'Cache-Control': 'no-store' });
    })
    .post('/restock', admin, async (c) => {
      await store.restock({ productId: defaultProductId, available: fullInventory });
      return c.text('restocked');
    });
}
