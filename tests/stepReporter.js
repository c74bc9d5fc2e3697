/**
 * Prints each test as soon as it has ended, with its seconds, and the reason of the first failure. The last line is the
 * result: `N passed, N failed`.
 */
module.exports = class StepReporter {
  failed = false;

  onTestCaseResult(_test, { title, status, duration, failureMessages }) {
    const seconds = ((duration ?? 0) / 1000).toFixed(1).padStart(6);
    process.stdout.write(`${status === 'passed' ? 'passed' : 'FAILED'} ${seconds} s  ${title}\n`);
    if (status !== 'passed' && !this.failed) process.stdout.write(`${failureMessages.join('\n')}\n`);
    this.failed ||= status !== 'passed';
  }

  onTestResult(_test, { testExecError }) {
    if (testExecError) process.stdout.write(`${testExecError.message}\n${testExecError.stack}\n`);
  }

  onRunComplete(_contexts, { numPassedTests, numFailedTests, testResults }) {
    const brokenFiles = testResults.filter((file) => file.testExecError).length;
    process.stdout.write(`${numPassedTests} passed, ${numFailedTests + brokenFiles} failed\n`);
  }
};
