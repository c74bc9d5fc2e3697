import type { Store } from '@widget-store/db';
import { Hono } from 'hono';
import { defaultProductId } from '../cart';
import { productBody } from '../presenters';
import { Problem } from '../problem';

const fullInventory = 100;

/** What is on sale, and the default product with its stock. */
export function productRoutes(store: Pick<Store, 'listProducts' | 'readProduct' | 'restock'>) {
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
    .post('/restock', async (c) => {
      await store.restock({ productId: defaultProductId, available: fullInventory });
      return c.text('restocked');
    });
}
