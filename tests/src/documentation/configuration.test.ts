import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { readRepositoryFile } from '../support/repositoryFile';

describe('docs/configuration.md', () => {
  const described = new Set(
    readRepositoryFile('docs/configuration.md')
      .split('\n')
      .flatMap(
        (line) => /^\| (?<names>`[A-Z][^|]*)\|/.exec(line)?.groups?.['names']?.match(/(?<=`)[A-Z_*]+(?=`)/g) ?? [],
      ),
  );

  it('describes every variable that a program reads', () => {
    const read = variablesOfPrograms();
    expect(read.size).toBeGreaterThan(40);
    expect([...read].filter((name) => !described.has(name))).toEqual([]);
  });

  it('describes only variables that a program reads', () => {
    const read = variablesOfPrograms();
    // Other code reads these variables: @temporalio/envconfig reads the login, and Vite reads the port of `make web`.
    const readElsewhere = /^TEMPORAL_(ADDRESS|NAMESPACE|API_KEY|TLS_\*|PROFILE|CONFIG_FILE)$|^WEB_PORT$/;
    expect([...described].filter((name) => !read.has(name) && !readElsewhere.test(name))).toEqual([]);
  });
});

/** Returns the keys of the schemas that parse environments. */
function variablesOfPrograms(): Set<string> {
  const sources = ['db', 'dev', 'runtime', 'services/api', 'services/worker'].flatMap((folder) =>
    readdirSync(join(repositoryRoot, folder, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((path) => /(^|\/)(env|serviceVariables)\.ts$/.test(path))
      .map((path) => readRepositoryFile(join(folder, 'src', path))),
  );
  return new Set(sources.flatMap((source) => source.match(/\b[A-Z][A-Z_]+[A-Z](?=: [a-z])/g) ?? []));
}
