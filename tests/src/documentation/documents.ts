import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';

/** If a path in a document starts with one of these folders, it is a path in the repository. */
export const ourFolders = new Set([
  'activities',
  'bench',
  'contract',
  'db',
  'deploy',
  'dev',
  'docs',
  'examples',
  'observability',
  'runtime',
  'services',
  'tests',
  'workflows',
]);

const notOurs = new Set(['.git', '.data', 'node_modules', 'dist', 'results', 'schemas', 'histories']);

/** Returns the paths of the documents that the tests check, relative to the root. */
export function documents(): string[] {
  return documentsIn('.');
}

function documentsIn(folder: string): string[] {
  return readdirSync(join(repositoryRoot, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : documentsIn(path);
    return entry.name.endsWith('.md') ? [path] : [];
  });
}

/** Returns the text without code blocks, because `#` and `[` mean something else in code. */
export function proseOf(text: string): string {
  return text.replaceAll(/^ *```[^]*?^ *```$/gm, '');
}

/** Returns the anchors that GitHub gives the headings of a document. */
export function anchorsOf(text: string): string[] {
  const headings = proseOf(text).match(/^#+ .*$/gm) ?? [];
  return headings.map((heading) =>
    heading
      .replace(/^#+ /, '')
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
