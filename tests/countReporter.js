/** Prints the result as the last line of a test run: `N passed, N failed`. */
module.exports = class CountReporter {
  onRunComplete(_contexts, results) {
    const brokenFiles = results.testResults.filter((file) => file.testExecError).length;
    this.line = `${results.numPassedTests} passed, ${results.numFailedTests + brokenFiles} failed`;
    process.on('exit', () => process.stdout.write(`${this.line}\n`));
  }
};
