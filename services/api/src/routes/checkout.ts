import type { Store } from '@widget-store/db';
import { type CheckoutBody, isIdempotencyKey, type PlacedOrder } from '@widget-store/workflows/contract';
import { Hono } from 'hono';
import { type Cart, defaultProductId, readCart } from '../cart';
import type { Checkouts } from '../checkouts';
import { readJsonText } from '../json';
import { Problem } from '../problem';

export interface CheckoutRoutesDeps {
  checkouts: Checkouts;
  store: Pick<Store, 'listProducts'>;
}

const noStore = { 'Cache-Control': 'no-store' };

/** Starts the checkout of a key, or answers what that key was answered before. */
export function checkoutRoutes({ checkouts, store }: CheckoutRoutesDeps) {
  return new Hono()
    .post('/checkout/:idempotencyKey', async (c) => {
      const key = readKey(c.req.param('idempotencyKey'));
      const cart = readCart(await readJsonText(c.req.raw));
      await refuseUnknownProducts(cart, store);
      const { order, replayed } = await checkouts.start(key, cart);
      const headers = replayed ? { 'Idempotent-Replayed': 'true' } : {};
      if (order.paymentId === null) throw new Problem('checkout_failed', 'Checkout failed to start', headers);
      return wantsJson(c.req.header('Accept'))
        ? c.json(checkoutBody(order), 200, { ...noStore, ...headers })
        : c.text(order.paymentId, 200, { ...noStore, ...headers });
    })
    .get('/checkout/:idempotencyKey', async (c) => {
      const key = c.req.param('idempotencyKey');
      const order = isIdempotencyKey(key) ? await checkouts.find(key) : undefined;
      if (order === undefined) throw new Problem('checkout_unknown', 'There is no such checkout.');
      return c.json(checkoutBody(order), 200, noStore);
    });
}

function readKey(key: string): string {
  if (isIdempotencyKey(key)) return key;
  throw new Problem('invalid_idempotency_key', 'An idempotency key is 1 to 200 letters, digits, "_" or "-".');
}

/** The default product needs no look: nothing is ever taken out of the catalogue. */
async function refuseUnknownProducts({ lines }: Cart, store: Pick<Store, 'listProducts'>): Promise<void> {
  if (lines.every((line) => line.productId === defaultProductId)) return;
  const known = new Set((await store.listProducts()).map((product) => product.productId));
  const unknown = lines.find((line) => !known.has(line.productId));
  if (unknown !== undefined) throw new Problem('product_unknown', `There is no product ${unknown.productId}.`);
}

/** Existing clients send no such header, or take anything, and get plain text. */
function wantsJson(accept: string | undefined): boolean {
  return accept?.split(',').some((range) => range.trim().startsWith('application/json')) ?? false;
}

function checkoutBody(order: PlacedOrder): CheckoutBody {
  return {
    payment_id: order.paymentId,
    order_id: order.orderId,
    status: order.status,
    total_minor: order.totalMinor,
    currency: order.currency,
    expires_at: order.expiresAt,
    payment_url: order.paymentId === null ? null : `/shop/pay/${order.paymentId}`,
  };
}
