import { serve } from '@hono/node-server';
import { DBOS } from '@dbos-inc/dbos-sdk';
import pino from 'pino';
import postgres from 'postgres';
import { createApp } from './app.js';
import { readEnv } from './env.js';
import { migrate } from './schema.js';
import { registerWorkflows } from './workflows.js';

const hostname = '127.0.0.1';

async function main(): Promise<void> {
  const env = readEnv();
  const log = pino({ base: { service: 'dbos' }, timestamp: pino.stdTimeFunctions.isoTime });
  // By default the driver returns 64-bit integers as text. The store's integers are small enough for a JavaScript
  // number.
  const bigint = { to: 20, from: [20], parse: Number, serialize: String };
  const sql = postgres(env.databaseUrl, { max: 20, transform: postgres.camel, types: { bigint }, onnotice: () => {} });
  await migrate(sql);
  DBOS.setConfig({
    name: 'widget-store',
    systemDatabaseUrl: env.systemDatabaseUrl,
    systemDatabasePoolSize: 20,
    // The longest delay before LISTEN/NOTIFY wakes waiting requests and workflows. DBOS's default is 10 ms.
    notificationCoalesceMs: 1,
    // A restarted process recovers only workflows of its own version, so the version is fixed.
    applicationVersion: '1',
    logger: {
      debug: () => {},
      info: () => {},
      warn: (entry) => log.warn(String(entry)),
      error: (entry) => log.error(String(entry)),
    },
  });
  const workflows = registerWorkflows(sql, env);
  await DBOS.launch();
  const app = createApp({ workflows, sql, log });
  const server = serve({ fetch: app.fetch, port: env.port, hostname });
  log.info({ port: env.port }, 'the peer accepts requests');
  process.once('SIGTERM', () => {
    server.close();
    // Running workflows are in the database and continue at the next start.
    void DBOS.shutdown().finally(() => process.exit(0));
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`the peer cannot start: ${String(error)}\n`);
  process.exit(1);
});
