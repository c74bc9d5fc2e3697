import { existsSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { withoutPaths } from './configuration';
import { drop, replace } from './edits';

/** A part of the repository that a team can do without. */
export interface Part {
  /** The files and folders to delete. Entries of `configurationFiles` that name one of them are removed too. */
  paths: string[];
  /** Files, each with the beginnings of entries to drop: see `drop`. */
  drops: Record<string, string[]>;
  /** Files, each with pairs of a text and its replacement. */
  replacements?: Record<string, [text: string, replacement: string][]>;
}

const configurationFiles = [
  '.oxfmtrc.json',
  '.oxlintrc.json',
  'knip.json',
  'package.json',
  'tests/tsconfig.json',
  'tsconfig.json',
];

/**
 * Removes the part from the repository in the current directory. If an edit does not apply, nothing changes. Skips files
 * that do not exist, because another removed part can have contained them.
 *
 * @returns the paths of the changed files
 */
export async function removePart({ paths, drops, replacements = {} }: Part): Promise<string[]> {
  const changed = new Map<string, string>();
  const files = new Set([...configurationFiles, ...Object.keys(drops), ...Object.keys(replacements)]);
  for (const file of [...files].filter((path) => existsSync(path))) {
    const before = await readFile(file, 'utf8');
    let text = configurationFiles.includes(file) ? withoutPaths(before, paths) : before;
    for (const start of drops[file] ?? []) text = drop(file, text, start);
    for (const [from, to] of replacements[file] ?? []) text = replace(file, text, { from, to });
    if (text !== before) changed.set(file, text);
  }
  for (const [file, text] of changed) await writeFile(file, text);
  for (const path of paths) await rm(path, { recursive: true, force: true });
  return [...changed.keys()];
}
