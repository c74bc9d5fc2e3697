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
  // Numbers of 64 bits come as text otherwise; ours are far from the limit.
  const bigint = { to: 20, from: [20], parse: Number, serialize: String };
  const sql = postgres(env.databaseUrl, { max: 20, transform: postgres.camel, types: { bigint }, onnotice: () => {} });
  await migrate(sql);
  DBOS.setConfig({
    name: 'widget-store',
    systemDatabaseUrl: env.systemDatabaseUrl,
    systemDatabasePoolSize: 20,
    // Waits of requests and of workflows are woken by LISTEN/NOTIFY; at most this much later, 10 ms unless given.
    notificationCoalesceMs: 1,
    // A restart goes on with the workflows of the same version only, and this one is never another.
    applicationVersion: '1',
    logger: {
      debug: () => {},
      info: () => {},
      warn: (entry) => log.warn(String(entry)),
      error: (entry) => log.error(String(entry)),
    },
  });
  const workflows = registerWorkflows(sql);
  await DBOS.launch();
  const app = createApp({ workflows, sql, log, publicUrl: `http://${hostname}:${env.port}` });
  const server = serve({ fetch: app.fetch, port: env.port, hostname });
  log.info({ port: env.port }, 'the peer takes requests');
  process.once('SIGTERM', () => {
    server.close();
    // What runs is in the database and goes on at the next start.
    void DBOS.shutdown().finally(() => process.exit(0));
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`the peer cannot start: ${String(error)}\n`);
  process.exit(1);
});
