import { WithStartWorkflowOperation } from '@temporalio/client';
import { openTemporalClient, runProgram } from '@widget-store/runtime';
import { workflowTypes } from '@widget-store/workflows/contract';
import {
  checkoutQuery,
  orderIdQuery,
  paymentSignal,
  reservationUpdate,
  reservationUpdateId,
} from '@widget-store/workflows/messages';
import { Hono } from 'hono';
import { bareRun } from './bareRun';
import { readBareEnv } from './env';
import { serveUntilStopped } from './serve';

const deadlineMs = 5000;

/** Makes the calls to Temporal that our api makes for a request, one for one, and nothing else. */
void runProgram('bare api', async () => {
  const { port, taskQueue, temporal } = readBareEnv();
  const connection = openTemporalClient(temporal);
  const client = connection.workflows;
  const inTime = <T>(work: () => Promise<T>): Promise<T> => client.withDeadline(Date.now() + deadlineMs, work);

  const app = new Hono();
  app.post('/checkout/:key', async (c) => {
    const run = bareRun({ key: c.req.param('key'), taskQueue });
    const order = await inTime(async () => {
      await client.executeUpdateWithStart(reservationUpdate, {
        updateId: reservationUpdateId,
        startWorkflowOperation: new WithStartWorkflowOperation(workflowTypes.checkout, run),
      });
      return client.getHandle(run.workflowId).query(checkoutQuery);
    });
    return c.text(order?.paymentId ?? '');
  });
  app.post('/payment_webhook/:key/:status', async (c) => {
    const { key, status } = c.req.param();
    const orderId = await inTime(async () => {
      const handle = await client.signalWithStart(workflowTypes.checkout, {
        ...bareRun({ key, taskQueue }),
        signal: paymentSignal,
        signalArgs: [{ status }],
      });
      return handle.query(orderIdQuery);
    });
    return c.text(orderId ?? '');
  });
  await serveUntilStopped(app, { port });
  await connection.close();
});
