import { readRepositoryFile } from '../support/repositoryFile';

describe('README.md', () => {
  const [intro = '', ...parts] = (readRepositoryFile('README.md').split(/^## How a checkout works$/m)[1] ?? '').split(
    '```',
  );
  const story = parts[0]?.replace(/^ts\n/, '') ?? '';

  it('shows the current code of the checkout workflow', () => {
    const path = /\]\((?<path>workflows\/[^)]+)\)/.exec(intro)?.groups?.['path'] ?? '';
    expect(readRepositoryFile(path)).toContain(`\n${story}`);
    expect(story).toMatch(/^export (?:async )?function checkout\([^]*\n}\n$/);
  });

  it('explains only functions that the workflow calls', () => {
    const explained = [...(parts[1] ?? '').matchAll(/^- `(?<name>\w+)`/gm)].map(({ groups }) => groups?.['name'] ?? '');
    expect(explained.length).toBeGreaterThan(2);
    expect(explained.filter((name) => !story.includes(`${name}(`))).toEqual([]);
  });
});
