import { listen, runProgram, shutdownSignal } from '@widget-store/runtime';
import { createGateway } from './app';
import { startDeliverer } from './deliverer';
import { readEnv } from './env';
import { openLedger } from './ledger';
import { createWebhookSender } from './webhooks';

const shutdownGraceMs = 3_000;

/** The sandbox payment gateway. It is a separate program, because a real gateway belongs to another company. */
void runProgram('gateway', async (log) => {
  const env = readEnv();
  const ledger = await openLedger({
    directory: env.dataDir,
    // The process must end, because it has changes in memory that are not on disk. The next start reads the journal
    // again.
    onFailure: (error) => {
      log.fatal({ err: error }, 'the ledger cannot be written');
      process.exit(1);
    },
  });
  const { publicUrl, apiKey, webhookUrl: baseUrl, webhookSecret: secret } = env;
  const app = createGateway({ ledger, publicUrl, apiKey, log });

  const server = await listen(app, { port: env.port, hostname: env.host, portVariable: 'GATEWAY_PORT' });
  const deliverer = startDeliverer({ ledger, send: createWebhookSender({ baseUrl, secret }), log });
  log.info({ port: env.port, host: env.host, webhookUrl: baseUrl }, 'the sandbox gateway accepts payments');
  const signal = await shutdownSignal();
  log.info({ signal }, 'draining');
  await server.close(shutdownGraceMs);
  await deliverer.stop();
  await ledger.close();
  log.info('stopped');
});
