import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { removableParts, repositoryRoot } from '@widget-store/dev';
import { copyRepository, type RepositoryCopy } from '../support/repositoryCopy';
import { readRepositoryFile } from '../support/repositoryFile';

const parts = Object.keys(removableParts);

/**
 * From one copy, removes all parts that `docs/adapting.md` lists. The chart goes last, because other parts change it.
 */
describe('a store without the parts that a team can remove', () => {
  let copy: RepositoryCopy;

  beforeAll(async () => {
    copy = await copyRepository();
    for (const part of parts) await copy.run(process.execPath, [join(repositoryRoot, 'dev/dist/remove.js'), part]);
  });
  afterAll(() => copy.remove());

  it('lacks exactly the parts that `docs/adapting.md` lists', () => {
    const [, chapter = ''] = readRepositoryFile('docs/adapting.md').split('\n## What you may delete\n');
    const rows = [...chapter.matchAll(/^\| `(?<part>\w+)` \|/gm)];
    expect(rows.map(({ groups }) => groups?.['part'])).toEqual(parts);
  });

  it('differs from the repository only in files that exist there', () => {
    const files = Object.values(removableParts).flatMap((part) => [
      ...part.paths,
      ...Object.keys({ ...part.drops, ...part.replacements }),
    ]);
    expect(files.filter((file) => !existsSync(join(repositoryRoot, file)))).toEqual([]);
  });

  it('names Stripe and OpenTelemetry only in its changelog', async () => {
    // The lock file is renewed by `npm install`, which `make remove` runs.
    const others = ['node_modules', 'removal', 'package-lock.json', 'removedParts.test.ts'];
    const options = others.map((name) => `--exclude${name.includes('.') ? '' : '-dir'}=${name}`);
    const names = 'stripe|opentelemetry|otlp|otel_|tracing';
    expect(await copy.run('grep', ['-rliE', ...options, names, '.'])).toEqual(['./CHANGELOG.md']);
  });

  it('compiles, is linted, and passes the tests of its documents and programs', async () => {
    const programs = [
      'dev/src/main.ts',
      'services/api/src/main.ts',
      'services/worker/src/main.ts',
      'tests/src/index.ts',
    ];
    const tests = [
      'checkout/checkoutStories',
      'deployment/image',
      'deployment/rollout',
      'examples/fraudCheck',
      'storefront/states',
    ];
    const typed = [...programs, ...tests.map((name) => `tests/src/${name}.test.ts`)];
    const unitTests = ['services/api/src/env.test.ts', 'services/worker/src/env.test.ts', 'contract/src/ids.test.ts'];
    const documents = ['changing', 'configuration', 'documents', 'production', 'readme'];
    const paths = [...unitTests, ...documents.map((name) => `tests/src/documentation/${name}.test.ts`)];
    const [typeErrors, storefrontErrors, lintReport, testReport] = await Promise.all([
      copy.checkTypes(typed),
      copy.checkStorefrontTypes(),
      copy.run('oxlint', ['--deny-warnings']),
      copy.runUnitTests(paths),
    ]);
    expect([...typeErrors, ...storefrontErrors]).toEqual([]);
    expect(lintReport).toContain('Found 0 warnings and 0 errors.');
    expect(testReport.at(-1)).toMatch(/^\d+ passed, 0 failed$/);
  });
});
