/** One run for every package: unit tests stand beside their files, tests of several processes in `tests/`. */
module.exports = {
  testEnvironment: 'node',
  testEnvironmentOptions: { customExportConditions: ['@widget-store/source', 'node', 'require', 'default'] },
  testMatch: ['<rootDir>/**/src/**/*.test.ts'],
  // The web package is ESM, whose relative imports name the file as it will be: './x.js' is './x.ts' here.
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/', '<rootDir>/.data/'],
  transform: {
    '\\.tsx?$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2022' }, module: { type: 'commonjs' } },
    ],
  },
  globalSetup: '<rootDir>/tests/src/support/globalSetup.ts',
  globalTeardown: '<rootDir>/tests/src/support/globalTeardown.ts',
  reporters: ['default', '<rootDir>/tests/countReporter.js'],
  // Real processes start, die and come back: what a test waits for has a deadline of its own.
  testTimeout: 90_000,
  maxWorkers: 2,
};
