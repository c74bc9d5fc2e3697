import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { readRepositoryFile } from '../support/repositoryFile';
import { anchorsOf, documents, ourFolders, proseOf } from './documents';

describe.each(documents())('%s', (document) => {
  const text = readRepositoryFile(document);

  it('links to files and headings that exist', () => {
    const links = [...proseOf(text).matchAll(/\]\((?<target>(?!https?:|mailto:)[^)\s]+)\)/g)].map(
      ({ groups }) => groups?.['target'] ?? '',
    );
    expect(links.filter((link) => !leadsSomewhere(document, link))).toEqual([]);
  });

  it('names files that exist', () => {
    const paths = [...text.matchAll(/`(?<path>[\w.-]+\/[\w./-]+)`/g)]
      .map(({ groups }) => groups?.['path'] ?? '')
      .filter((path) => ourFolders.has(path.split('/')[0] ?? ''));
    expect(paths.filter((path) => !existsSync(join(repositoryRoot, path)))).toEqual([]);
  });

  it('names make targets that exist', () => {
    const named = [...text.matchAll(/(?:`|^)make (?<target>[a-z][a-z-]*)/gm)].map(({ groups }) => groups?.['target']);
    const targets = new Set(readRepositoryFile('Makefile').match(/^[a-z-]+(?=:)/gm));
    expect(named.filter((target) => target !== undefined && !targets.has(target))).toEqual([]);
  });
});

function leadsSomewhere(document: string, link: string): boolean {
  const [file = '', anchor] = link.split('#');
  const path = file === '' ? document : normalize(join(dirname(document), file));
  if (!existsSync(join(repositoryRoot, path))) return false;
  return anchor === undefined || anchorsOf(readRepositoryFile(path)).includes(anchor);
}
