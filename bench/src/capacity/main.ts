import { existsSync } from 'node:fs';
import { capacityReport, latestResults } from './report';

/** Prints the capacity model of the results file in the argument, or else of the last results of `make bench`. */
const [, , path = latestResults] = process.argv;
if (existsSync(path)) process.stdout.write(`${capacityReport(path)}\n`);
else {
  process.stderr.write(`There are no results at ${path}: run make bench first.\n`);
  process.exitCode = 1;
}
