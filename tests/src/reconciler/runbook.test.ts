import { anomalyKinds } from '@widget-store/contract';
import { readRepositoryFile } from '../support/repositoryFile';

describe('the runbook', () => {
  const runbook = readRepositoryFile('docs/runbook.md');

  it.each(Object.values(anomalyKinds).flat())('has an entry for %s', (kind) => {
    // The entry is a row in the table of repairs, or a paragraph that starts with the kind.
    expect(runbook).toMatch(new RegExp(`^(\\| |\\*\\*[^*]*)\`${kind}\``, 'm'));
  });
});
