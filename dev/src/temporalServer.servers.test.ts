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

test('a run survives a killed Temporal', async () => {
  const environment = inheritedEnvironment();
  const binary = await resolveTemporalBinary({ environment });
  const port = await freePort();
  running = supervise(temporalProcess({ binary, port, dbFile: join(directory.path, 'temporal.db'), environment }));
  await running.whenReady({ deadlineMs });
  const connection = await Connection.connect({ address: `127.0.0.1:${port}` });
  const client = new Client({ connection });
  // No worker is needed: the run stays open.
  const { firstExecutionRunId } = await client.workflow.start('noop', { taskQueue: 'none', workflowId: 'kept' });

  running.kill('SIGKILL');
  await running.whenReady({ deadlineMs });

  const description = await client.workflow.getHandle('kept').describe();
  expect(description).toMatchObject({ runId: firstExecutionRunId, status: { name: 'RUNNING' } });
  await until(async () => (await workflowIds(client)).includes('kept'));
  await connection.close();
}, 60_000);
