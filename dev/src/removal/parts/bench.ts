import type { Part } from '../removePart';

/** The benchmark, with the store on DBOS and the computation of capacity. */
export const bench: Part = {
  paths: ['bench', 'docs/performance.md'],
  drops: {
    '.gitignore': ['bench/'],
    'CONTRIBUTING.md': ['- **Measurements**'],
    Dockerfile: ['COPY bench/'],
    Makefile: ['bench:', 'capacity:'],
    'README.md': ['| `bench/`', 'On two cores, shared with the load generator'],
    'docs/adapting.md': ['| `bench` |'],
    'docs/changing.md': ['5. `bench/peers/dbos/src/`', '5. `bench/peers/dbos/src/store.ts`'],
    'docs/production.md': ['- [Capacity]'],
  },
  replacements: {
    '.github/dependabot.yml': [
      [
        "    # The second directory is the benchmark's store on DBOS. That store has its own packages.\n    directories: ['/', '/bench/peers/dbos']",
        '    directory: /',
      ],
    ],
  },
};
