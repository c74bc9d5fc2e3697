import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import { inheritedEnvironment } from './env';
import { freePort } from './ports';
import { supervise, type SupervisedProcess } from './supervisor';
import { resolveTemporalBinary } from './temporalBinary';
import { temporalProcess } from './temporalServer';
import { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory';
import { until } from './until';

const deadlineMs = 30_000;

let directory: TemporaryDirectory;
let running: SupervisedProcess | undefined;

beforeEach(async () => {
  directory = await temporaryDirectory();
});

afterEach(async () => {
  await running?.stop();
  await directory.remove();
});

async function workflowIds(client: Client): Promise<string[]> {
  const ids: string[] = [];
  for await (const { workflowId } of client.workflow.list()) ids.push(workflowId);
  return ids;
}

async function startServer(): Promise<{ connection: Connection; server: SupervisedProcess }> {
  const environment = inheritedEnvironment();
  const binary = await resolveTemporalBinary({ environment });
  const port = await freePort();
  const server = supervise(temporalProcess({ binary, port, dbFile: join(directory.path, 'temporal.db'), environment }));
  running = server;
  await server.whenReady({ deadlineMs });
  return { connection: await Connection.connect({ address: `127.0.0.1:${port}` }), server };
}

test('a run survives a killed Temporal', async () => {
  const { connection, server } = await startServer();
  const client = new Client({ connection });
  // No worker is needed: the run stays open.
  const { firstExecutionRunId } = await client.workflow.start('noop', { taskQueue: 'none', workflowId: 'kept' });

  server.kill('SIGKILL');
  await server.whenReady({ deadlineMs });

  const description = await client.workflow.getHandle('kept').describe();
  expect(description).toMatchObject({ runId: firstExecutionRunId, status: { name: 'RUNNING' } });
  await until(async () => (await workflowIds(client)).includes('kept'));
  await connection.close();
}, 60_000);

test('calls that their clients abandon do not break Temporal for later calls', async () => {
  const { connection, server } = await startServer();
  const { workflow } = new Client({ connection });
  const start = () => workflow.start('noop', { taskQueue: 'none', workflowId: randomUUID() });
  const list = () => connection.workflowService.listWorkflowExecutions({ namespace: 'default' });
  const abandon = async (call: number) => {
    const late = AbortSignal.timeout(1 + (call % 10));
    await connection.withAbortSignal<unknown>(late, call % 2 === 0 ? start : list).catch(() => {});
  };
  for (let round = 0; round < 40; round++) {
    await Promise.all(Array.from({ length: 20 }, (_, call) => abandon(call)));
  }

  const run = await connection.withDeadline(Date.now() + deadlineMs, start);

  expect((await run.describe()).status.name).toBe('RUNNING');
  expect(server.restarts).toBe(0);
  await connection.close();
}, 60_000);
