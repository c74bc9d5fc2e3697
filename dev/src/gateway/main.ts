import { listen, runProgram, shutdownSignal } from '@widget-store/runtime';
import { createGateway } from './app';
import { startDeliverer } from './deliverer';
import { readEnv } from './env';
import { openLedger } from './ledger';
import { createWebhookSender } from './webhooks';

const shutdownGraceMs = 3_000;

/** The sandbox payment gateway. It is a program of its own, because a real one is another company's. */
void runProgram('gateway', async (log) => {
  const env = readEnv();
  const ledger = await openLedger({
    directory: env.dataDir,
    // Memory is ahead of the disk now. Only a new start from the journal knows the truth.
    onFailure: (error) => {
      log.fatal({ err: error }, 'the ledger cannot be written');
      process.exit(1);
    },
  });
  const { publicUrl, apiKey, webhookUrl: baseUrl, webhookSecret: secret } = env;
  const app = createGateway({ ledger, publicUrl, apiKey, log });

  const server = await listen(app, { port: env.port, hostname: env.host, portVariable: 'GATEWAY_PORT' });
  const deliverer = startDeliverer({ ledger, send: createWebhookSender({ baseUrl, secret }), log });
  log.info({ port: env.port, host: env.host, webhookUrl: baseUrl }, 'the sandbox gateway takes payments');
  const signal = await shutdownSignal();
  log.info({ signal }, 'draining');
  await server.close(shutdownGraceMs);
  await deliverer.stop();
  await ledger.close();
  log.info('stopped');
});
