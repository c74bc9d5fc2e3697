import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleModule } from '@widget-store/worker';
import { readHistories } from '../support/histories/histories';
import { namesOfBroken } from '../support/histories/replayHistories';
import { copyRepository, type RepositoryCopy } from '../support/repositoryCopy';

/** If a change breaks the patch of this example, `examples/fraud-check/README.md` says how to renew the patch. */
describe('the example fraud-check', () => {
  let copy: RepositoryCopy;
  let changed: string[];

  beforeAll(async () => {
    copy = await copyRepository();
    const patch = 'examples/fraud-check/fraud-check.patch';
    // Only one line of context must match, so that most changes of neighbouring lines leave the patch usable.
    await copy.run('git', ['apply', '-C1', patch]);
    const text = await readFile(join(copy.path, patch), 'utf8');
    changed = [...text.matchAll(/^\+\+\+ b\/(?<file>.+)$/gm)].map(({ groups }) => groups?.['file'] ?? '');
  });
  afterAll(() => copy.remove());

  const isTest = (file: string): boolean => file.startsWith('tests/') || file.endsWith('.test.ts');

  it('adds a step to the checkout in at most eight files besides tests', () => {
    expect(changed.length).toBeGreaterThan(0);
    expect(changed.filter((file) => !isTest(file)).length).toBeLessThanOrEqual(8);
  });

  it('has correct types and style, and passes the tests of the step and of the checkout', async () => {
    const sources = changed.filter((file) => file.endsWith('.ts'));
    const unitTests = changed.filter((file) => isTest(file) && !file.startsWith('tests/'));
    const [typeErrors, lintReport, testReport] = await Promise.all([
      copy.checkTypes(sources),
      copy.run('oxlint', ['--deny-warnings', ...sources]),
      copy.runUnitTests(unitTests),
      copy.run('oxfmt', ['--check', ...sources]),
    ]);
    expect(typeErrors).toEqual([]);
    expect(lintReport).toContain('Found 0 warnings and 0 errors.');
    expect(testReport.at(-1)).toMatch(/^\d\d passed, 0 failed$/);
  });

  it('replays every recorded history, so that open runs continue', async () => {
    const bundle = await bundleModule(join(copy.path, 'workflows/src/index.ts'));
    expect(await namesOfBroken(await readHistories(), bundle)).toEqual([]);
  });
});
