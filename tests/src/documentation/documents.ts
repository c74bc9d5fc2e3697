import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';

/** A path in a document that begins with one of these is one of the repository. */
export const ourFolders = new Set([
  'activities',
  'bench',
  'contract',
  'db',
  'deploy',
  'dev',
  'docs',
  'observability',
  'runtime',
  'services',
  'tests',
  'workflows',
]);

/** Every document of the repository, by its path from the root. */
export function documents(): string[] {
  const beside = ['.', '.github', 'bench/peers/dbos', 'db/src/postgres'].flatMap((folder) =>
    inFolder(folder, { recursive: false }),
  );
  return [...beside, ...inFolder('docs', { recursive: true })].filter((path) => path.endsWith('.md'));
}

function inFolder(folder: string, { recursive }: { recursive: boolean }): string[] {
  const names = readdirSync(join(repositoryRoot, folder), { recursive, encoding: 'utf8' });
  return names.map((name) => join(folder, name));
}

/** The text without code blocks, in which `#` and `[` mean something else. */
export function proseOf(text: string): string {
  return text.replaceAll(/^ *```[^]*?^ *```$/gm, '');
}

/** The anchors of a document's headings, as GitHub makes them. */
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
