import type { Part } from '../removePart';

/** The tests with faults under load, the overload test and the soak test. */
export const chaos: Part = {
  paths: [
    'dev/src/toxiproxy.ts',
    'tests/programs/clockShim.js',
    'tests/programs/mutants.js',
    'tests/src/chaos',
    'tests/src/load',
  ],
  drops: {
    Makefile: ['chaos:', 'overload:', 'soak:'],
    'README.md': ['`make chaos` causes'],
    'dev/src/goPrograms.ts': ['/** A TCP proxy', 'toxiproxy: {'],
    'dev/src/index.ts': ['export { toxiproxyProcess }'],
    'docs/adapting.md': ['Add the activity to `tests/src/chaos/', '| `chaos` |'],
    'docs/changing.md': ['8. `tests/src/chaos/', '## A new invariant for chaos'],
    'docs/reliability.md': ['## Chaos', '## Overload', '## Soak'],
    'examples/fraud-check/fraud-check.patch': ['diff --git a/tests/src/chaos/'],
    'tests/longestFirst.js': ["'chaos/chaos'", "'chaos/mutants'"],
  },
};
