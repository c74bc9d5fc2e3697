import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { inheritedEnvironment } from './env';
import { answersOk, freePort } from './ports';
import { recordProcesses } from './processRecord';
import { restartProcess } from './restartProcess';
import { supervise, type SupervisedProcess } from './supervisor';
import { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory';

const environment = inheritedEnvironment();
const deadlineMs = 10_000;

let directory: TemporaryDirectory;
let running: SupervisedProcess;
let readyUrl: string;

beforeEach(async () => {
  directory = await temporaryDirectory();
});

afterEach(async () => {
  await running.stop({ graceMs: 0 });
  await directory.remove();
});

const program = () => join(directory.path, 'api.js');
const answering = (word: string) => `
  const server = require('node:http').createServer((request, answer) => answer.end('${word}'));
  server.listen(process.env.PORT, '127.0.0.1');
  process.on('SIGTERM', () => process.exit(0));`;

/** Runs a program under a supervisor and records its process, as `make dev` does. */
async function start(source: string): Promise<void> {
  const port = await freePort();
  readyUrl = `http://127.0.0.1:${port}/`;
  await writeFile(program(), source);
  const record = await recordProcesses({ dataDir: directory.path, environment });
  running = supervise({
    name: 'api',
    command: process.execPath,
    args: [program()],
    env: { PORT: String(port) },
    isReady: () => answersOk(readyUrl),
    onSpawn: (pid) => record({ name: 'api', pid, commandLine: `${process.execPath} ${program()}` }),
  });
  await running.whenReady({ deadlineMs });
}

const restart = (options: { name?: string; dataDir?: string; deadlineMs?: number } = {}) =>
  restartProcess({ name: 'api', dataDir: directory.path, environment, readyUrl, deadlineMs, ...options });
const answered = async () => (await fetch(readyUrl)).text();

test('the program runs again with the code that is built now', async () => {
  await start(answering('old'));
  const before = running.pid;
  await writeFile(program(), answering('new'));

  const pid = await restart();

  expect(await answered()).toBe('new');
  expect(pid).toBe(running.pid);
  expect(pid).not.toBe(before);
});

test('the restart of a program that crashes at its start fails, and the next restart succeeds', async () => {
  await start(answering('old'));
  await writeFile(program(), 'process.exit(1)');
  await expect(restart({ deadlineMs: 1_500 })).rejects.toThrow('api is not ready after 1.5 s');

  await writeFile(program(), answering('repaired'));
  await restart();

  expect(await answered()).toBe('repaired');
});

test('a missing make dev and a missing program are errors', async () => {
  await start(answering('old'));

  const nowhere = join(directory.path, 'nowhere');
  await expect(restart({ dataDir: nowhere })).rejects.toThrow(`no make dev runs on ${nowhere}`);
  await expect(restart({ name: 'worker' })).rejects.toThrow('has not started worker');
  expect(running.restarts).toBe(0);
});
