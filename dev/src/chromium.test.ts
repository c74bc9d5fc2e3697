import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { resolveChromium } from './chromium';
import { temporaryDirectory, type TemporaryDirectory } from './temporaryDirectory';

let directory: TemporaryDirectory;

beforeEach(async () => {
  directory = await temporaryDirectory();
});

afterEach(() => directory.remove());

test('a browser on PATH comes first', async () => {
  const path = join(directory.path, 'google-chrome');
  await writeFile(path, '#!/bin/sh\n');
  await chmod(path, 0o755);

  const sources = [() => Promise.reject(new Error('not asked'))];
  expect(await resolveChromium({ environment: { PATH: directory.path }, sources })).toBe(path);
});

test('without a browser on PATH, the sources are tried in turn', async () => {
  const sources = [() => Promise.reject(new Error('no network')), () => Promise.resolve('/packaged/chromium')];

  expect(await resolveChromium({ environment: { PATH: directory.path }, sources })).toBe('/packaged/chromium');
});

test('if every source fails, the error says why and what to install', async () => {
  const sources = [() => Promise.reject(new Error('no network')), () => Promise.reject(new Error('not root'))];

  await expect(resolveChromium({ environment: { PATH: directory.path }, sources })).rejects.toMatchObject({
    message: [
      'The browser tests need Chromium, and none is on PATH.',
      '- no network',
      '- not root',
      'Install Chromium or Google Chrome, or run "npx playwright-core install chromium".',
    ].join('\n'),
  });
});
