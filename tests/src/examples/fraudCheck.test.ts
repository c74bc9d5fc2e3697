import { join } from 'node:path';
import { bundleModule } from '@widget-store/worker';
import { readHistories } from '../support/histories/histories';
import { namesOfBroken } from '../support/histories/replayHistories';
import { applyToCopy, type PatchedTree } from '../support/patchedTree';

/** If a change breaks the patch, `examples/fraud-check/README.md` says how to renew it. */
describe('the example fraud-check', () => {
  let tree: PatchedTree;

  beforeAll(async () => {
    tree = await applyToCopy('examples/fraud-check/fraud-check.patch');
  });
  afterAll(() => tree.remove());

  it('adds a step to the checkout in at most eight files besides tests', () => {
    const isTest = (file: string): boolean => file.startsWith('tests/') || file.endsWith('.test.ts');
    expect(tree.changed.length).toBeGreaterThan(0);
    expect(tree.changed.filter((file) => !isTest(file)).length).toBeLessThanOrEqual(8);
  });

  it('has correct types, and passes the tests of the step and of the checkout', async () => {
    const [typeErrors, testReport] = await Promise.all([tree.checkTypes(), tree.runChangedTests()]);
    expect(typeErrors).toEqual([]);
    expect(testReport.at(-1)).toMatch(/^\d\d passed, 0 failed$/);
  });

  it('replays every recorded history, so that open runs continue', async () => {
    const bundle = await bundleModule(join(tree.path, 'workflows/src/index.ts'));
    expect(await namesOfBroken(await readHistories(), bundle)).toEqual([]);
  });
});
