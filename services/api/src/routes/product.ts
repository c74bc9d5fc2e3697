import type { Store } from '@widget-store/db';
import { Hono } from 'hono';
import { productBody } from '../presenters';
import { Problem } from '../problem';

const defaultProductId = 1;
const fullInventory = 100;

/** The default product and its stock. */
export function productRoutes(store: Pick<Store, 'readProduct' | 'restock'>) {
  return new Hono()
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
