import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { readRepositoryFile } from '../support/repositoryFile';

describe('docs/production.md', () => {
  const text = readRepositoryFile('docs/production.md');

  it('names every alert, and only tests that exist', () => {
    const alerts = readRepositoryFile('observability/alerts.yml').match(/(?<=- alert: )\w+/g) ?? [];
    expect(alerts.filter((name) => !text.includes(name))).toEqual([]);
    const tests = readdirSync(join(repositoryRoot, 'tests/src'), { recursive: true }).map((path) =>
      basename(String(path)),
    );
    for (const test of text.match(/\w+\.test\.ts/g) ?? []) expect(tests).toContain(test);
  });

  it('uses the commands of docs/operations.md, which a test runs', () => {
    const commandsIn = (path: string) =>
      readRepositoryFile(path).match(/temporal worker deployment [a-z-]+version [^`#\n]*/g) ?? [];
    const tried = new Set(commandsIn('docs/operations.md').map((command) => command.trim()));
    const given = commandsIn('docs/production.md').map((command) =>
      command.trim().replace(/build-id \S+/, 'build-id <build>'),
    );
    expect(given.length).toBeGreaterThan(3);
    expect(given.filter((command) => !tried.has(command))).toEqual([]);
  });
});
