import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inheritedEnvironment } from './env';
import { assertNotInUse, isRunning, recordProcesses, removeRecord } from './processRecord';
import type { StartedProcess } from './storeOptions';
import { supervise, type SupervisedProcess } from './supervisor';
import { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory';

const environment = inheritedEnvironment();

let directory: TemporaryDirectory;
let sleeper: SupervisedProcess | undefined;

beforeEach(async () => {
  directory = await temporaryDirectory();
});

afterEach(async () => {
  await sleeper?.stop({ graceMs: 0 });
  await directory.remove();
});

const dataDir = () => ({ dataDir: directory.path, environment });
const file = () => join(directory.path, 'processes.json');

function startSleeper(): StartedProcess {
  sleeper = supervise({ name: 'dev', command: 'sleep', args: ['600'], env: environment });
  return { name: 'dev', pid: sleeper.pid ?? 0, commandLine: 'sleep 600' };
}

test('a data directory is in use while its make dev is alive', async () => {
  const owner = startSleeper();
  writeFileSync(file(), JSON.stringify({ owner, processes: [] }));

  await expect(assertNotInUse(dataDir())).rejects.toThrow(`is in use by process ${owner.pid}`);
});

test('a killed make dev does not block its data directory, even if another process has its id', async () => {
  const stranger = startSleeper();
  const owner = { ...stranger, commandLine: 'node dev/dist/main.js' };
  writeFileSync(file(), JSON.stringify({ owner, processes: [] }));

  await expect(assertNotInUse(dataDir())).resolves.toBeUndefined();
  expect([await isRunning(stranger, environment), await isRunning(owner, environment)]).toEqual([true, false]);
});

test('a restarted process replaces the one that died, and a finished run leaves no record', async () => {
  const record = await recordProcesses(dataDir());
  record({ name: 'api', pid: 101, commandLine: 'node api' });
  record({ name: 'api', pid: 102, commandLine: 'node api' });

  const written: unknown = JSON.parse(readFileSync(file(), 'utf8'));
  expect(written).toMatchObject({ owner: { pid: process.pid }, processes: [{ name: 'api', pid: 102 }] });
  await expect(assertNotInUse(dataDir())).resolves.toBeUndefined();

  removeRecord(directory.path);
  expect(existsSync(file())).toBe(false);
});
