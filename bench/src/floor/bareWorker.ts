import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { runProgram } from '@widget-store/runtime';
import { connectWithRetry, ensureSearchAttributes, limits } from '@widget-store/worker';
import { Hono } from 'hono';
import { createBareActivities } from './bareActivities';
import { bundleBareWorkflow } from './bareBundle';
import { openDecisionSender } from './decisions';
import { readBareEnv } from './env';
import { serveUntilStopped } from './serve';

/** The worker of the bare workflow, with the same settings as our worker. */
void runProgram('bare worker', async (log) => {
  const { port, apiPort, taskQueue, temporal } = readBareEnv();
  const { namespace } = temporal;
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('WARN') });
  const stop = new AbortController().signal;
  const workflowBundle = await bundleBareWorkflow();
  const connection = await connectWithRetry(temporal, { stop, log });
  if (connection === undefined) return;
  await ensureSearchAttributes({ connection, namespace, stop, log });
  const activities = createBareActivities({ tickMs: 1000, onDecided: openDecisionSender(apiPort) });
  const worker = await Worker.create({ ...limits, connection, namespace, taskQueue, workflowBundle, activities });
  await worker.runUntil(serveUntilStopped(new Hono(), { port }));
  await connection.close();
});
