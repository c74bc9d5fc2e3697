import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isAlive } from './childProcess';
import { freePort, isAnswered } from './ports';
import { supervise, type SuperviseOptions, type SupervisedProcess } from './supervisor';
import { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory';
import { until } from './until';

const deadlineMs = 10_000;

let directory: TemporaryDirectory;
let supervised: SupervisedProcess[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  supervised = [];
});

afterEach(async () => {
  await Promise.all(supervised.map((running) => running.stop({ graceMs: 0 })));
  await directory.remove();
});

/** Runs a program written in JavaScript under a supervisor. */
async function run(options: {
  source: string;
  port?: number;
  env?: Record<string, string>;
  lines?: string[];
  watch?: SuperviseOptions['watch'];
}) {
  const program = join(directory.path, 'program.js');
  await writeFile(program, options.source);
  const { port, lines, watch } = options;
  const running = supervise({
    name: 'program',
    command: process.execPath,
    args: [program],
    env: { ...options.env, PORT: String(port) },
    isReady: () => (port === undefined ? Promise.resolve(false) : isAnswered(port)),
    onLine: (line) => lines?.push(line),
    ...(watch && { watch }),
  });
  supervised.push(running);
  return running;
}

const server = `require('node:http').createServer((q, a) => a.end()).listen(process.env.PORT, '127.0.0.1');`;

test('a killed process is replaced and ready again within 2 seconds', async () => {
  const running = await run({ source: server, port: await freePort() });
  await running.whenReady({ deadlineMs });
  const first = running.pid;

  running.kill('SIGKILL');
  await running.whenReady({ deadlineMs: 2_000 });

  expect(running.restarts).toBe(1);
  expect(running.pid).not.toBe(first);
});

test('a process is replaced when the watch of its output asks for it', async () => {
  const port = await freePort();
  const failsOnce = `${server} if (!require('node:fs').existsSync('broke')) {
    require('node:fs').writeFileSync('broke', ''); console.log('broken');
  }`;
  const watch = (replace: () => void) => (line: string) => (line === 'broken' ? replace() : undefined);
  const running = await run({ source: `process.chdir(${JSON.stringify(directory.path)}); ${failsOnce}`, port, watch });

  await until(() => running.restarts === 1);
  await running.whenReady({ deadlineMs });

  expect(running.restarts).toBe(1);
});

test('a stopped process does not run until it is started again', async () => {
  const port = await freePort();
  const running = await run({ source: server, port });
  await running.whenReady({ deadlineMs });

  await running.stop();
  expect(running.pid).toBeUndefined();
  expect(await isAnswered(port)).toBe(false);
  await expect(running.whenReady({ deadlineMs })).rejects.toThrow('program was stopped before it was ready');

  running.start();
  await running.whenReady({ deadlineMs });
  expect(await isAnswered(port)).toBe(true);
  expect(running.restarts).toBe(0);
});

test('stopping ends the processes that the program has started, even if all of them ignore SIGTERM', async () => {
  const pidFile = join(directory.path, 'pid');
  const source = `
    process.on('SIGTERM', () => {});
    const { spawn } = require('node:child_process');
    const script = "process.on('SIGTERM', () => {}); setInterval(() => {}, 1000)";
    const child = spawn(process.execPath, ['-e', script], { stdio: 'inherit' });
    require('node:fs').writeFileSync(process.env.PID_FILE, String(child.pid));
    ${server}`;
  const running = await run({ source, port: await freePort(), env: { PID_FILE: pidFile } });
  await running.whenReady({ deadlineMs });
  const pids = [running.pid ?? 0, Number(await readFile(pidFile, 'utf8'))];
  expect(pids.map(isAlive)).toEqual([true, true]);

  await running.stop({ graceMs: 100 });
  await running.stop({ graceMs: 100 });

  await until(() => !pids.some(isAlive));
});

test('a paused process can be stopped cleanly', async () => {
  const lines: string[] = [];
  const source = `process.on('SIGTERM', () => { console.log('in order'); process.exit(0); });\n${server}`;
  const running = await run({ source, port: await freePort(), lines });
  await running.whenReady({ deadlineMs });

  running.kill('SIGSTOP');
  await running.stop();

  expect(lines).toEqual(['in order']);
});

test('the start of a program that always exits fails and shows its last lines', async () => {
  const lines: string[] = [];
  const running = await run({ source: `console.error('DATABASE_URL is not set'); process.exit(1);`, lines });

  const ready = running.whenReady({ deadlineMs: 60_000 });

  await expect(ready).rejects.toThrow(/program exited with status 1, 3 times in a row[^]*DATABASE_URL is not set/);
  expect(lines.filter((line) => line === 'DATABASE_URL is not set')).toHaveLength(3);
  expect(running.pid).toBeUndefined();
});

test('the start of a missing program fails', async () => {
  const running = supervise({ name: 'ghost', command: join(directory.path, 'ghost'), args: [], env: {} });
  supervised.push(running);

  await expect(running.whenReady({ deadlineMs })).rejects.toThrow(/ghost could not be started: .*ENOENT/);
});

test('the start of a program that is never ready fails at the deadline and shows its last lines', async () => {
  const running = await run({ source: `console.log('waiting for nothing'); setInterval(() => {}, 1000);` });

  const ready = running.whenReady({ deadlineMs: 1_000 });

  await expect(ready).rejects.toThrow(/program was not ready within 1 s[^]*waiting for nothing/);
});
