/** What both projects have in common. */
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
const documentation = `${inTests}src/documentation/`;
const needsServers = '\\.servers\\.test\\.ts$';

/**
 * `unit` needs no server and no build. A test that needs a Postgres, a Temporal, a browser or one of our built programs lies in
 * `tests/` or is called `*.servers.test.ts`. Only the tests of the documents lie in `tests/` and are unit tests. Jest starts
 * the shared servers only when a file of `servers` runs.
 */
module.exports = {
  projects: [
    {
      ...shared,
      displayName: 'unit',
      testMatch: ['<rootDir>/**/src/**/*.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', `${inTests}(?!src/documentation/)`, needsServers],
    },
    {
      ...shared,
      displayName: 'servers',
      testMatch: [`${inTests}src/**/*.test.ts`, '<rootDir>/**/src/**/*.servers.test.ts'],
      testPathIgnorePatterns: ['/node_modules/', documentation],
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
