import { isIdempotencyKey } from '@widget-store/workflows/contract';
import { Hono } from 'hono';
import type { Checkouts } from '../checkouts';
import { Problem } from '../problem';

/** Starts the checkout of a key, or answers what that key was answered before. */
export function checkoutRoutes(checkouts: Checkouts) {
  return new Hono().post('/checkout/:idempotencyKey', async (c) => {
    const key = c.req.param('idempotencyKey');
    if (!isIdempotencyKey(key)) {
      throw new Problem('invalid_idempotency_key', 'An idempotency key is 1 to 200 letters, digits, "_" or "-".');
    }
    refuseItems(await c.req.text());
    const paymentId = await checkouts.start(key);
    if (paymentId === null) throw new Problem('checkout_failed', 'Checkout failed to start');
    return c.text(paymentId);
  });
}

/** A checkout buys one of the default product. Refusing a body is honest; ignoring one could sell the wrong thing. */
function refuseItems(body: string): void {
  if (/^\s*(\{\s*\})?\s*$/.test(body)) return;
  throw new Problem('body_not_taken', 'A checkout takes no items: it buys one of the default product.');
}
