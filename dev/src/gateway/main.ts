import { listen, runProgram, shutdownSignal } from '@widget-store/runtime';
import { createGateway } from './app';
import { loadAssets } from './assets';
import { startDeliverer } from './deliverer';
import { readEnv } from './env';
import { openLedger } from './ledger';
import { createWebhookSender } from './webhooks';

const shutdownGraceMs = 3_000;

/** The payment gateway of the local environment: a program of its own, as a real one is somebody else's. */
void runProgram('gateway', async (log) => {
  const env = readEnv();
  const ledger = await openLedger({
    directory: env.dataDir,
    // What is in memory was never written: only a new start from the journal knows what is true.
    onFailure: (error) => {
      log.fatal({ err: error }, 'the ledger cannot be written');
      process.exit(1);
    },
  });
  const { publicUrl, apiKey, webhookUrl: baseUrl, webhookSecret: secret } = env;
  const app = createGateway({ ledger, publicUrl, apiKey, assets: await loadAssets(), log });

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
