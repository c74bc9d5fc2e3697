/** What unit tests, beside their files, and tests of several processes, in `tests/`, have in common. */
const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@widget-store/source', 'node', 'require', 'default'] },
  // The web package is ESM, whose relative imports name the file as it will be: './x.js' is './x.ts' here.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.data/'],
  transform: {
    '\\.tsx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
};

const inTests = '<rootDir>/tests/';
const named = '\\.servers\\.test\\.ts$';

/**
 * A test that needs the run's Postgres, Temporal and gateway lies in `tests/` or is called `*.servers.test.ts`. Jest sets a
 * project up only when one of its files runs, so the others start at once.
 */
module.exports = {
  projects: [
    {
      ...shared,
      displayName: 'alone',
      testMatch: ['<rootDir>/**/src/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', inTests, named],
    },
    {
      ...shared,
      displayName: 'servers',
      testMatch: [`${inTests}src/**/*.test.ts`, '<rootDir>/**/src/**/*.servers.test.ts'],
      globalSetup: `${inTests}src/support/servers/globalSetup.ts`,
      globalTeardown: `${inTests}src/support/servers/globalTeardown.ts`,
    },
  ],
  testSequencer: '<rootDir>/tests/longestFirst.js',
  reporters: ['default', '<rootDir>/tests/countReporter.js'],
  // Real processes start, die and come back: what a test waits for has a deadline of its own.
  testTimeout: 90_000,
  maxWorkers: 2,
};
