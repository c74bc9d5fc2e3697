import { randomBytes, randomUUID } from 'node:crypto';
import { openStore } from '@widget-store/db';
import { runProgram } from '@widget-store/runtime';
import { type OrderLine, orderIdFrom } from '@widget-store/contract';
import { Hono } from 'hono';
import { z } from 'zod';
import { readPlainEnv } from './env';
import { orderBody, productBody } from './plainBodies';
import { plainDispatch } from './plainDispatch';
import { serveUntilStopped } from './serve';

const defaultProductId = 1;
const fullInventory = 100;
const paymentWindowMs = 900_000;
const database = { applicationName: 'widget-store plain api', maxConnections: 10, deadlineMs: 3000 };

/** The store on the same statements as ours and without an engine: a process that dies forgets its dispatches. */
void runProgram('plain api', async (log) => {
  const { port, databaseUrl } = readPlainEnv();
  const store = openStore({ ...database, url: databaseUrl });
  const app = new Hono();
  app.post('/checkout/:key', async (c) => {
    const order = await store.placeOrder({
      idempotencyKey: c.req.param('key'),
      orderId: orderIdFrom(randomBytes(16).toString('hex')),
      fingerprint: '',
      requestId: randomUUID(),
      lines: linesOf(await c.req.text()),
      paymentWindowMs,
    });
    return order.paymentId === null ? c.text('Checkout failed to start', 404) : c.text(order.paymentId);
  });
  app.post('/payment_webhook/:paymentId/:status', async (c) => {
    const { paymentId, status } = c.req.param();
    const checkout = await store.findCheckout({ paymentId });
    if (checkout === undefined) return c.text('Payment failed to process', 404);
    const { orderId } = checkout;
    if (status === 'paid') {
      const order = await store.markOrderPaid({ orderId });
      // A repeated webhook starts no second one, because the first has made it PAID.
      if (checkout.status === 'PENDING' && order.status === 'PAID') {
        plainDispatch(store, orderId).catch((err: unknown) => log.error({ err, orderId }, 'a dispatch failed'));
      }
    } else await store.cancelOrder({ orderId, reason: 'payment_failed' });
    return c.text(orderId);
  });
  app.get('/product', async (c) => {
    const product = await store.readProduct(defaultProductId);
    return product === undefined ? c.notFound() : c.json(productBody(product));
  });
  app.get('/products', async (c) => c.json((await store.listProducts()).map(productBody)));
  app.get('/order/:orderId', async (c) => {
    const order = await store.readOrder(c.req.param('orderId'));
    return order === undefined ? c.notFound() : c.json(orderBody(order));
  });
  app.post('/restock', async (c) => {
    await store.restock({ productId: defaultProductId, available: fullInventory });
    return c.text('restocked');
  });
  await serveUntilStopped(app, { port });
  await store.close();
});

const cartSchema = z.object({ items: z.array(z.object({ product_id: z.int(), quantity: z.int() })).optional() });

/** No body means one of the default product. */
function linesOf(body: string): OrderLine[] {
  const { items } = cartSchema.parse(body === '' ? {} : JSON.parse(body));
  const lines = items?.map(({ product_id: productId, quantity }) => ({ productId, quantity }));
  return lines ?? [{ productId: defaultProductId, quantity: 1 }];
}
