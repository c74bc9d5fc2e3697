import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { chaosSettings, sharedServers } from '../support/env';
import { type FaultFamily, faultFamilies } from './faults';
import { judgeRun, playRun, runsFolder } from './run';

const { seed, durationMs, faults, judge } = chaosSettings();
const checkoutsPerSecond = 5;
/** Starting, patience, quiet, and the replay of every history. */
const besideTheLoadMs = 300_000;

/** `make chaos` is this test with a longer duration and another seed. */
describe('chaos', () => {
  it(
    'whatever fails, the oracle finds no anomaly',
    async () => {
      const folder = judge === undefined ? join(runsFolder, String(seed)) : join(repositoryRoot, judge);
      const families = (faults ?? faultFamilies) as FaultFamily[];
      if (judge === undefined) await playRun({ seed, durationMs, families, checkoutsPerSecond, folder });
      const report = await judgeRun(folder, sharedServers());
      process.stderr.write(`seed ${seed}: ${folder}/report.md\n`);
      expect(report.firstAnomalies).toEqual([]);
      // A run in which nothing happened would break nothing.
      expect(report.operations['checkout']?.ok).toBeGreaterThan(durationMs / 1000);
    },
    durationMs + besideTheLoadMs,
  );
});
