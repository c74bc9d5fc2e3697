import { existsSync } from 'node:fs';
import { capacityReport, latestResults } from './report';

/**
 * Prints the capacity model for the results file that the argument names, or else for the last results of `make bench`.
 */
const [, , path = latestResults] = process.argv;
if (existsSync(path)) process.stdout.write(`${capacityReport(path)}\n`);
else {
  process.stderr.write(`There are no results at ${path}: run make bench first.\n`);
  process.exitCode = 1;
}
