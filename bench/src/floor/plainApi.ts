import { randomBytes, randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { openStore, type Store } from '@widget-store/db';
import { runProgram } from '@widget-store/runtime';
import { orderIdFrom } from '@widget-store/contract';
import { Hono } from 'hono';
import { readPlainEnv } from './env';
import { serveUntilStopped } from './serve';

const productId = 1;
const paymentWindowMs = 900_000;
const tickMs = 1000;
const database = { applicationName: 'widget-store plain api', maxConnections: 10, deadlineMs: 3000 };

/**
 * An HTTP API that runs our store's SQL statements without a workflow engine. If its process dies, nothing continues
 * the running dispatches.
 */
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
      lines: [{ productId, quantity: 1 }],
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
      await store.markOrderPaid({ orderId });
      dispatch(store, orderId).catch((err: unknown) => log.error({ err, orderId }, 'a dispatch failed'));
    } else await store.cancelOrder({ orderId, reason: 'payment_failed' });
    return c.text(orderId);
  });
  app.get('/product', async (c) => c.json(await store.readProduct(productId)));
  app.get('/order/:orderId', async (c) => c.json(await store.readOrder(c.req.param('orderId'))));
  await serveUntilStopped(app, { port });
  await store.close();
});

async function dispatch(store: Store, orderId: string): Promise<void> {
  let order = await store.readDispatchProgress({ orderId });
  while (order.status === 'PAID') {
    await delay(tickMs);
    order = await store.tickDispatch({ orderId, from: order.progressRemaining });
  }
}
