import { readCart } from '../cart';
import type { RunsContext } from './context';
import { startCheckout } from './startCheckout';

describe('a checkout of a product that does not exist', () => {
  it.each([
    ['nothing is on sale', [], ''],
    ['others are', [{ productId: 2, currency: 'USD' }], '{"items":[{"product_id":1,"quantity":1}]}'],
  ])('is refused, and nothing is started: %s', async (_what, products, body) => {
    // Without a Temporal client, so that nothing can be started.
    const context: Partial<RunsContext> = {
      admission: { run: (work) => work() },
      store: { listProducts: () => Promise.resolve(products) } as never,
      currencies: new Map(),
    };
    const { signal } = new AbortController();
    const request = { idempotencyKey: 'key', cart: readCart(body), signal };
    await expect(startCheckout(context as RunsContext, request)).rejects.toMatchObject({
      code: 'product_unknown',
    });
  });
});
