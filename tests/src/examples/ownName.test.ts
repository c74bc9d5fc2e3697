import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { storeName } from '@widget-store/contract';
import { repositoryRoot } from '@widget-store/dev';
import { copyRepository, type RepositoryCopy } from '../support/repositoryCopy';

const ownCatalogue = `import { drawingPath } from '@tea-house/contract';
import type { CatalogueProduct } from './seedCatalogue';

export const catalogue: readonly CatalogueProduct[] = [
  { productId: 1, name: 'Tea', description: '', priceMinor: 500, currency: 'EUR', imageUrl: drawingPath('tea') },
];
`;

/** Changes the names, the products and the pictures, as `docs/adapting.md` describes. */
describe('a store with a name of its own', () => {
  let copy: RepositoryCopy;

  beforeAll(async () => {
    copy = await copyRepository();
    await copy.run(process.execPath, [join(repositoryRoot, 'dev/dist/rename.js'), 'tea-house']);
    await rename(join(copy.path, 'node_modules/@widget-store'), join(copy.path, 'node_modules/@tea-house'));
  });
  afterAll(() => copy.remove());

  /** Returns the files in these folders that contain the text. Leaves out recorded histories and `node_modules`. */
  async function filesWith(text: RegExp, folders: string[]): Promise<string[]> {
    const found: string[] = [];
    for (const folder of folders) {
      const entries = await readdir(join(copy.path, folder), { recursive: true, withFileTypes: true });
      const files = entries.filter(
        (entry) => entry.isFile() && !/node_modules|tests\/histories/.test(entry.parentPath),
      );
      for (const { parentPath, name } of files) {
        const path = join(parentPath, name);
        if (text.test(await readFile(path, 'utf8'))) found.push(path.slice(copy.path.length + 1));
      }
    }
    return found;
  }

  it('has its own technical name, and nowhere the old one, after `make rename`', async () => {
    const folders = (await readdir(copy.path, { withFileTypes: true })).filter((entry) => entry.isDirectory());
    const names = folders.map(({ name }) => name).filter((name) => name !== 'node_modules');
    expect(await filesWith(/tea-house/, names)).toContain('contract/package.json');
    expect(await filesWith(/widget[-_]store|widgetStore/i, names)).toEqual([]);
  });

  it('keeps the name that shoppers see in one file', async () => {
    const shown = ['contract', 'db', 'dev', 'services', 'runtime', 'workflows', 'activities', 'tests'];
    expect(await filesWith(new RegExp(storeName), shown)).toEqual(['contract/src/names.ts']);
  });

  it('compiles with products of its own, and passes tests of its packages', async () => {
    const names = join(copy.path, 'contract/src/names.ts');
    await writeFile(names, (await readFile(names, 'utf8')).replace(`'${storeName}'`, `"Ada's Tea & Toast"`));
    await writeFile(join(copy.path, 'db/src/catalogue.ts'), ownCatalogue);
    const drawings = join(copy.path, 'contract/src/drawings.ts');
    await writeFile(
      drawings,
      (await readFile(drawings, 'utf8')).replace(/const drawings = .*/, "const drawings = ['tea'] as const;"),
    );
    const programs = [
      'dev/src/main.ts',
      'dev/src/gateway/main.ts',
      'db/src/seed.ts',
      'services/api/src/main.ts',
      'services/worker/src/main.ts',
      'tests/src/temporal/replay.test.ts',
    ];
    const unitTests = [
      'services/api/src/app.test.ts',
      'services/api/src/imageUrl.test.ts',
      'services/worker/src/env.test.ts',
      'contract/src/ids.test.ts',
    ];
    const [typeErrors, testReport] = await Promise.all([copy.checkTypes(programs), copy.runUnitTests(unitTests)]);
    expect(typeErrors).toEqual([]);
    expect(testReport.at(-1)).toMatch(/^\d\d passed, 0 failed$/);
  });
});
