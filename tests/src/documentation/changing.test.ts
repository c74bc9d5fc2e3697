import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { readRepositoryFile } from '../support/repositoryFile';
import { ourFolders } from './documents';

describe.each(['docs/changing.md', 'docs/adapting.md'])('%s', (document) => {
  it('names files that exist, by their full paths or by paths in the folder of the last full path', () => {
    expect(readRepositoryFile(document).split('\n## ').flatMap(missingFiles)).toEqual([]);
  });
});

/**
 * Returns the names in a chapter for which no file exists. A name is either a full path in the repository, or a path in
 * the folder of the last full path.
 */
function missingFiles(chapter: string): string[] {
  const missing: string[] = [];
  let folder = '';
  for (const [, name = ''] of chapter.matchAll(/`([\w./-]+(?:\/|\.(?:ts|tsx|js|css|tpl|json|yml|yaml|md)))`/g)) {
    const path = ourFolders.has(name.split('/')[0] ?? '') || isAtRoot(name) ? name : join(folder, name);
    if (!existsSync(join(repositoryRoot, path))) missing.push(path);
    if (path === name) folder = name.endsWith('/') ? name : dirname(name);
  }
  return missing;
}

function isAtRoot(name: string): boolean {
  return !name.includes('/') && existsSync(join(repositoryRoot, name));
}
