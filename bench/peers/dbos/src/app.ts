import { createHash, randomUUID } from 'node:crypto';
import { DBOS, Error as DBOSErrors } from '@dbos-inc/dbos-sdk';
import { type Context, Hono } from 'hono';
import type { Logger } from 'pino';
import { orderBody, productBody } from './bodies.js';
import { type PlacedOrder, readOrder, readProduct, type Sql } from './store.js';
import { paymentTopic, reservedEvent, settledEvent, type Workflows } from './workflows.js';

export interface AppDeps {
  workflows: Workflows;
  sql: Sql;
  log: Logger;
}

const productId = 1;
const lines = [{ productId, quantity: 1 }];
const deadlineSeconds = 5;
const keyPattern = /^[A-Za-z0-9_-]{1,200}$/;
const noStore = { 'Cache-Control': 'no-store' };

/** Returns an app that serves the part of the store's HTTP contract that the benchmark uses. */
export function createApp({ workflows, sql, log }: AppDeps): Hono {
  const app = new Hono();
  app.use(async (c, next) => {
    await next();
    c.res.headers.set('X-Request-Id', c.req.header('X-Request-Id') ?? randomUUID());
  });
  app.onError((error, c) => {
    log.error({ err: error, path: c.req.path }, 'a request failed');
    return problem(c, 500, 'internal', 'The request failed.');
  });
  app.get('/healthz', (c) => c.json({ alive: true }));

  app.post('/checkout/:key', async (c) => {
    const key = c.req.param('key');
    if (!keyPattern.test(key)) return problem(c, 400, 'invalid_idempotency_key', 'The idempotency key is not valid.');
    const fingerprint = createHash('sha256').update(JSON.stringify(lines)).digest('hex');
    const requestId = randomUUID();
    const input = { idempotencyKey: key, requestId, lines, fingerprint };
    await DBOS.startWorkflow(workflows.checkout, { workflowID: key })(input);
    const order = await DBOS.getEvent<PlacedOrder>(key, reservedEvent, deadlineSeconds);
    if (order === null) return problem(c, 503, 'unavailable', 'The checkout is not decided yet.');
    if (order.requestId !== requestId) c.header('Idempotent-Replayed', 'true');
    if (order.paymentId === null) return problem(c, 404, 'checkout_failed', 'Checkout failed to start');
    return c.text(order.paymentId, 200, noStore);
  });

  app.post('/payment_webhook/:paymentId/:status', async (c) => {
    const { paymentId, status } = c.req.param();
    try {
      await DBOS.send(paymentId, status, paymentTopic);
    } catch (error) {
      if (!(error instanceof DBOSErrors.DBOSNonExistentWorkflowError)) throw error;
      return problem(c, 404, 'payment_unknown', 'Payment failed to process');
    }
    const orderId = await DBOS.getEvent<string>(paymentId, settledEvent, deadlineSeconds);
    if (orderId === null) return problem(c, 503, 'unavailable', 'The payment is not processed yet.');
    return c.text(orderId);
  });

  app.get('/order/:orderId', async (c) => {
    const order = await readOrder(sql, c.req.param('orderId'));
    if (order === undefined) return problem(c, 404, 'order_unknown', 'There is no such order.');
    return c.json(orderBody(order), 200, noStore);
  });
  app.get('/product', async (c) => {
    const product = await readProduct(sql, productId);
    if (product === undefined) return problem(c, 404, 'not_found', 'The default product is not on sale.');
    return c.json(productBody(product), 200, noStore);
  });
  return app;
}

function problem(c: Context, status: 400 | 404 | 500 | 503, code: string, detail: string): Response {
  return c.json({ type: 'about:blank', status, code, detail, instance: c.req.path }, status, {
    'Content-Type': 'application/problem+json',
    ...noStore,
  });
}
