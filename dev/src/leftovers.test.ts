import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive } from './childProcess';
import { inheritedEnvironment } from './env';
import { endLeftovers } from './leftovers';
import { recordProcesses, removeRecord } from './processRecord';
import { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory';

const environment = inheritedEnvironment();

let directory: TemporaryDirectory;
let sleepers: ChildProcess[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  sleepers = [];
});

afterEach(async () => {
  for (const sleeper of sleepers) sleeper.kill('SIGKILL');
  await directory.remove();
});

/** A process in a group of its own, as the supervisor starts them. */
async function startSleeper(): Promise<{ name: string; pid: number; commandLine: string }> {
  const sleeper = spawn('sleep', ['600'], { detached: true, stdio: 'ignore' });
  sleepers.push(sleeper);
  await once(sleeper, 'spawn');
  return { name: 'api', pid: sleeper.pid ?? 0, commandLine: 'sleep 600' };
}

/** A killed run leaves its record behind with the id of a process that is gone. */
function recordOfKilledRun(processes: { name: string; pid: number; commandLine: string }[]): void {
  const owner = { name: 'dev', pid: 2 ** 22 + 1, commandLine: 'node dev/dist/main.js' };
  writeFileSync(join(directory.path, 'processes.json'), JSON.stringify({ owner, processes }));
}

const end = () => endLeftovers({ dataDir: directory.path, environment });

test('what a killed run has left running is ended', async () => {
  const leftover = await startSleeper();
  recordOfKilledRun([leftover]);

  expect(await end()).toEqual(['api']);

  expect(isAlive(leftover.pid)).toBe(false);
  expect(await end()).toEqual([]);
});

test('a process that got the id of an earlier one is left alone', async () => {
  const stranger = await startSleeper();
  recordOfKilledRun([{ ...stranger, commandLine: 'sleep 601' }]);

  expect(await end()).toEqual([]);

  expect(isAlive(stranger.pid)).toBe(true);
});

test('a run that is still alive is not disturbed', async () => {
  const owner = await startSleeper();
  const child = await startSleeper();
  writeFileSync(join(directory.path, 'processes.json'), JSON.stringify({ owner, processes: [child] }));

  await expect(end()).rejects.toThrow(`is in use by process ${owner.pid}`);

  expect(isAlive(child.pid)).toBe(true);
});

test('a restarted process replaces the one that died, and a finished run leaves no record', async () => {
  const add = await recordProcesses({ dataDir: directory.path, environment });
  const file = join(directory.path, 'processes.json');
  add({ name: 'api', pid: 101, commandLine: 'node api' });
  add({ name: 'api', pid: 102, commandLine: 'node api' });

  const written: unknown = JSON.parse(readFileSync(file, 'utf8'));
  expect(written).toMatchObject({ owner: { pid: process.pid }, processes: [{ name: 'api', pid: 102 }] });

  removeRecord(directory.path);
  expect(existsSync(file)).toBe(false);
});
