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

/** Returns the paths of the documents that the tests check, relative to the root. */
export function documents(): string[] {
  const beside = [
    '.',
    '.github',
    'bench/peers/dbos',
    'db/src/postgres',
    'examples/receipt-mail',
    'examples/fraud-check',
    'examples/storefront',
    'examples/flat-shipping',
  ].flatMap((folder) => inFolder(folder, { recursive: false }));
  return [...beside, ...inFolder('docs', { recursive: true })].filter((path) => path.endsWith('.md'));
}

function inFolder(folder: string, { recursive }: { recursive: boolean }): string[] {
  const names = readdirSync(join(repositoryRoot, folder), { recursive, encoding: 'utf8' });
  return names.map((name) => join(folder, name));
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
