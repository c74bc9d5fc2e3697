/** The settings that both projects share. */
const shared = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@widget-store/source', 'node', 'require', 'default'] },
  // The web package is ESM, so its relative imports name built files, for example './x.js'. Jest runs the sources, so
  // './x.js' becomes './x', which is './x.ts'.
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
 * The tests of `unit` need neither the shared servers nor a build. A test that needs Postgres, Temporal, a browser or
 * one of our built programs is in `tests/`, or its name ends with `.servers.test.ts`. In `tests/`, only the tests of
 * the documents are unit tests. Jest starts the shared servers only if a test of `servers` runs.
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
  // Starting and killing real processes takes time. Each wait in a test has its own, shorter deadline.
  testTimeout: 240_000,
  // Most tests wait for servers. With only two Jest workers, two cores would be idle for a fifth of the time.
  maxWorkers: 3,
};
