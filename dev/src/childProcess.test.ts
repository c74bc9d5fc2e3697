import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformFileSync } from '@swc/core';
import { isAlive, spawnChild } from './childProcess';
import { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory';
import { until } from './until';

const forEver = 'setInterval(() => {}, 1000)';

let directory: TemporaryDirectory;
let owner: ChildProcess | undefined;

beforeEach(async () => {
  directory = await temporaryDirectory();
});

afterEach(async () => {
  owner?.kill('SIGKILL');
  owner = undefined;
  await directory.remove();
});

/** Starts a process that starts a child through `spawnChild`, and resolves with the child's id. */
async function startOwner({ thenRun }: { thenRun: string }): Promise<number> {
  const library = join(directory.path, 'childProcess.js');
  const pidFile = join(directory.path, 'pid');
  const typescript = require.resolve('./childProcess');
  const options = {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
    module: { type: 'commonjs' },
  } as const;
  writeFileSync(library, transformFileSync(typescript, options).code);
  const source = `
    const { spawnChild } = require(${JSON.stringify(library)});
    const { pid } = spawnChild({ command: process.execPath, args: ['-e', '${forEver}'], env: {} }, () => {});
    require('node:fs').writeFileSync(${JSON.stringify(`${pidFile}.new`)}, String(pid));
    ${thenRun}`;
  owner = spawn(process.execPath, ['-e', source], { stdio: 'inherit' });
  await until(() => existsSync(`${pidFile}.new`) && readFileSync(`${pidFile}.new`, 'utf8') !== '');
  renameSync(`${pidFile}.new`, pidFile);
  return Number(readFileSync(pidFile, 'utf8'));
}

test('a child does not outlive an owner that is killed', async () => {
  const pid = await startOwner({ thenRun: forEver });
  expect(isAlive(pid)).toBe(true);

  owner?.kill('SIGKILL');

  await until(() => !isAlive(pid));
});

test('a child does not outlive an owner that exits', async () => {
  const pid = await startOwner({ thenRun: 'process.exit(3)' });

  await until(() => !isAlive(pid));
  expect(isAlive(pid)).toBe(false);
});

test('variables that are not given are not inherited', async () => {
  const lines: string[] = [];
  const child = spawnChild({ command: '/usr/bin/env', args: [], env: { GIVEN: 'yes', NOT_GIVEN: undefined } }, (line) =>
    lines.push(line),
  );

  expect(await child.gone).toBe('exited with status 0');
  expect(lines).toEqual(['GIVEN=yes']);
});
