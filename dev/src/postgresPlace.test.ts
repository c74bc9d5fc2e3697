import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { chmod, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inheritedEnvironment } from './env';
import { canRun, postgresAccount } from './postgresAccount';
import { packagedPostgres, placeBinaries, placeData, type PlaceOptions } from './postgresPlace';
import { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory';

/** Needs root, because only root runs Postgres as another account, which may lack access to the repository. */
const asRoot = process.getuid?.() === 0 ? test : test.skip;

const environment = inheritedEnvironment();

let directory: TemporaryDirectory;
let options: PlaceOptions;
let progress: string[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  progress = [];
  const state = join(directory.path, 'checkout/.data');
  mkdirSync(state, { recursive: true });
  const dataDir = join(state, 'postgres');
  options = {
    dataDir,
    account: await postgresAccount({ dataDir, environment }),
    sharedDir: join(directory.path, 'shared'),
    environment,
    onProgress: (text) => progress.push(text),
  };
});

afterEach(() => directory.remove());

test('data and binaries stay in a repository that Postgres can enter', async () => {
  expect(await placeData(options)).toBe(options.dataDir);
  expect(await placeBinaries(packagedPostgres(), options)).toContain('node_modules');
  expect(progress).toEqual([]);
});

asRoot('data goes elsewhere, and stays there, if Postgres cannot enter the repository', async () => {
  await chmod(join(directory.path, 'checkout'), 0o700);

  const elsewhere = await placeData(options);
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'PG_VERSION'), '18\n');

  expect(elsewhere.startsWith(options.sharedDir)).toBe(true);
  expect(progress.join('\n')).toContain(`the data is in ${elsewhere}`);
  expect(await placeData(options)).toBe(elsewhere);
  expect(existsSync(join(options.dataDir, 'PG_VERSION'))).toBe(true);
});

asRoot('deleting the state in the repository also deletes the data that lies elsewhere', async () => {
  await chmod(join(directory.path, 'checkout'), 0o700);
  const elsewhere = await placeData(options);
  mkdirSync(elsewhere);

  await rm(join(directory.path, 'checkout/.data'), { recursive: true });
  await placeData(options);

  expect(existsSync(elsewhere)).toBe(false);
});

asRoot('binaries that Postgres cannot reach are copied to a directory that it can enter', async () => {
  const native = join(directory.path, 'checkout/native');
  mkdirSync(join(native, 'bin'), { recursive: true });
  writeFileSync(join(native, 'bin/postgres'), '#!/bin/sh\n', { mode: 0o700 });
  await chmod(join(directory.path, 'checkout'), 0o700);

  const binDir = await placeBinaries({ native, version: '18.0.0' }, options);

  expect(binDir).toBe(join(options.sharedDir, 'postgres-18.0.0/bin'));
  expect(options.account && (await canRun(join(binDir, 'postgres'), options.account))).toBe(true);
});
