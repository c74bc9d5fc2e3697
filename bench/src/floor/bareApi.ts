import { WithStartWorkflowOperation } from '@temporalio/client';
import { runProgram } from '@widget-store/runtime';
import { openTemporalClient } from '@widget-store/runtime/temporal';
import { workflowTypes } from '@widget-store/contract';
import { checkoutQuery, paymentSignal, reservationUpdate, reservationUpdateId } from '@widget-store/workflows/messages';
import { Hono } from 'hono';
import { bareRun } from './bareRun';
import { listenForDecisions } from './decisions';
import { readBareEnv } from './env';
import { serveUntilStopped } from './serve';

const deadlineMs = 5000;

/** An api that makes the same calls to Temporal for each request as our api, and does no other work. */
void runProgram('bare api', async () => {
  const { port, taskQueue, temporal } = readBareEnv();
  const connection = openTemporalClient(temporal);
  const client = connection.workflows;
  const withDeadline = <T>(call: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + deadlineMs, call);

  const decisions = await listenForDecisions(port);
  /** The order ids by idempotency key. Our api also keeps the order ids of its recent checkouts in memory. */
  const orderIds = new Map<string, string>();

  const app = new Hono();
  app.post('/checkout/:key', async (c) => {
    const key = c.req.param('key');
    const run = bareRun({ key, taskQueue });
    const order = await withDeadline(async () => {
      await client.executeUpdateWithStart(reservationUpdate, {
        updateId: reservationUpdateId,
        startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.checkout, run),
      });
      return client.getHandle(run.workflowId).query(checkoutQuery);
    });
    if (order !== null) orderIds.set(key, order.orderId);
    return c.text(order?.paymentId ?? '');
  });
  app.post('/payment_webhook/:key/:status', async (c) => {
    const { key, status } = c.req.param();
    const orderId = orderIds.get(key);
    if (orderId === undefined) return c.notFound();
    const decided = decisions.of(orderId, deadlineMs);
    await withDeadline(() =>
      client.signalWithStart(workflowTypes.checkout, {
        ...bareRun({ key, taskQueue }),
        signal: paymentSignal,
        signalArgs: [{ status }],
      }),
    );
    await decided;
    orderIds.delete(key);
    return c.text(orderId);
  });
  await serveUntilStopped(app, { port });
  decisions.close();
  await connection.close();
});
