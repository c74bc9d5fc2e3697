import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import postgres from 'postgres';
import { inheritedEnvironment } from './env';
import { freePort } from './ports';
import { createDatabase, postgresProcess, postgresUrl, preparePostgres } from './postgres';
import { supervise, type SupervisedProcess } from './supervisor';
import { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory';

const deadlineMs = 30_000;
const database = 'widget_store';

let directory: TemporaryDirectory;
let running: SupervisedProcess | undefined;

beforeEach(async () => {
  directory = await temporaryDirectory();
});

afterEach(async () => {
  await running?.stop();
  await directory.remove();
});

async function start(port: number): Promise<SupervisedProcess> {
  const dataDir = join(directory.path, 'postgres');
  const prepared = await preparePostgres({ dataDir, environment: inheritedEnvironment(), throwaway: true });
  running = supervise(postgresProcess(prepared, { port }));
  await running.whenReady({ deadlineMs });
  await createDatabase({ port, database });
  return running;
}

async function query(port: number, text: string): Promise<unknown[]> {
  const sql = postgres(postgresUrl({ port, database }), { max: 1, onnotice: () => {} });
  try {
    return [...(await sql.unsafe(text))];
  } finally {
    await sql.end();
  }
}

test('a row survives a killed Postgres, and Postgres is ready again within 30 seconds', async () => {
  const port = await freePort();
  const server = await start(port);
  await query(port, 'CREATE TABLE kept (word text)');
  await query(port, "INSERT INTO kept VALUES ('here')");

  server.kill('SIGKILL');
  await server.whenReady({ deadlineMs: 30_000 });

  expect(await query(port, 'SELECT word FROM kept')).toEqual([{ word: 'here' }]);
  expect(server.restarts).toBeGreaterThan(0);
});

test('a later run uses the data of an earlier run', async () => {
  const port = await freePort();
  const first = await start(port);
  await query(port, 'CREATE TABLE kept (word text)');
  await first.stop();

  await start(port);

  expect(await query(port, 'SELECT word FROM kept')).toEqual([]);
});

test('the remains of an interrupted first start are not mistaken for a database', async () => {
  const unfinished = join(directory.path, 'postgres.unfinished');
  await mkdir(unfinished);
  await writeFile(join(unfinished, 'PG_VERSION'), '18\n');
  const port = await freePort();

  await start(port);

  expect(await query(port, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  expect(existsSync(unfinished)).toBe(false);
});
