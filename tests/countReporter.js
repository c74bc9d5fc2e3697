const { relative } = require('node:path');
const { stripVTControlCharacters } = require('node:util');

/**
 * At the end of a test run, prints the time and the first error of each failed file. A log that is cut at its start
 * therefore still says what failed first. The last line is the result: `N passed, N failed`.
 */
module.exports = class CountReporter {
  onRunComplete(_contexts, { testResults, numPassedTests, numFailedTests, startTime }) {
    const failed = testResults.filter((file) => file.testExecError || file.numFailingTests > 0);
    const inOrder = failed.toSorted((one, other) => one.perfStats.end - other.perfStats.end);
    for (const file of inOrder) process.stdout.write(`${describe(file, startTime)}\n`);
    const brokenFiles = testResults.filter((file) => file.testExecError).length;
    const result = `${numPassedTests} passed, ${numFailedTests + brokenFiles} failed`;
    process.on('exit', () => process.stdout.write(`${result}\n`));
  }
};

function describe({ testFilePath, perfStats, numFailingTests, testResults, testExecError }, startTime) {
  const secondsAt = (timeMs) => Math.round((timeMs - startTime) / 1000);
  const messages = testResults.flatMap(({ failureMessages }) => failureMessages);
  const error = messages[0] ?? testExecError?.message ?? '';
  const firstLines = stripVTControlCharacters(error).trim().split('\n').slice(0, 3).join(' | ');
  const when = `${secondsAt(perfStats.start)} s to ${secondsAt(perfStats.end)} s`;
  return `FAILED ${relative('.', testFilePath)} (${when}, ${numFailingTests} tests): ${firstLines.slice(0, 400)}`;
}
