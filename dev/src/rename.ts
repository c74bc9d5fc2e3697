import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from './errors';

const skippedFolders = new Set(['.git', '.data', 'node_modules', 'dist']);
/** Recorded histories keep the name that they were recorded with. */
const recordings = join('tests', 'histories');
const validName = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

/**
 * The program of `make rename`: gives the repository in the current directory another technical name. The name that
 * shoppers read is `storeName` in the contract.
 */
async function main(): Promise<void> {
  const name = process.argv[2] ?? '';
  if (!validName.test(name)) {
    throw new Error('NAME must be lower-case words joined by hyphens: make rename NAME=tea-house');
  }
  const changed = await renameIn('.', name);
  process.stdout.write(`${changed} files have the name ${name}\n`);
}

/** @returns how many files in this folder and below have changed */
async function renameIn(folder: string, name: string): Promise<number> {
  let changed = 0;
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (path === recordings || skippedFolders.has(entry.name)) continue;
    if (entry.isDirectory()) changed += await renameIn(path, name);
    if (entry.isFile() && (await renameFile(path, name))) changed += 1;
  }
  return changed;
}

async function renameFile(path: string, name: string): Promise<boolean> {
  const bytes = await readFile(path);
  if (bytes.includes(0)) return false;
  const text = bytes.toString();
  const renamed = withName(text, name);
  if (renamed !== text) await writeFile(path, renamed);
  return renamed !== text;
}

/** Replaces each form of the name: in packages and charts, in metrics and databases, in variables, and in code. */
function withName(text: string, name: string): string {
  const snake = name.replaceAll('-', '_');
  return text
    .replaceAll('widget-store', name)
    .replaceAll('widget_store', snake)
    .replaceAll('WIDGET_STORE', snake.toUpperCase())
    .replaceAll(
      'widgetStore',
      name.replaceAll(/-(.)/g, (_hyphen, letter: string) => letter.toUpperCase()),
    );
}

main().catch((error: unknown) => {
  process.stderr.write(`make rename: ${messageOf(error)}\n`);
  process.exitCode = 1;
});
