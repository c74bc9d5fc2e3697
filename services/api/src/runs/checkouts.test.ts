import { readCart } from '../cart';
import { type CheckoutsDeps, createCheckouts } from './checkouts';

describe('a checkout of a product that is not on sale', () => {
  it.each([
    ['nothing is on sale', [], ''],
    ['others are', [{ productId: 2, currency: 'USD' }], '{"items":[{"product_id":1,"quantity":1}]}'],
  ])('is refused for good, and nothing is started: %s', async (_what, products, body) => {
    const deps: Partial<CheckoutsDeps> = {
      admission: { run: (work) => work() },
      store: {
        listProducts: () => Promise.resolve(products as never),
        findPlacedOrder: () => Promise.resolve(undefined),
      },
    };
    // There is no client of Temporal that it could be started with.
    const { start } = createCheckouts(deps as CheckoutsDeps);
    const { signal } = new AbortController();
    await expect(start({ idempotencyKey: 'key', cart: readCart(body), signal })).rejects.toMatchObject({
      code: 'product_unknown',
    });
  });
});
