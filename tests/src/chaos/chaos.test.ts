import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { chaosSettings, sharedServers } from '../support/env';
import { type FaultFamily, faultFamilies } from './faults';
import { judgeRun, playRun } from './run';

const { seed, durationMs, faults, judge } = chaosSettings();
const checkoutsPerSecond = 6;
/** Starting, patience, quiet, and the replay of every history. */
const besideTheLoadMs = 300_000;

/** `make chaos` is this test with a longer duration and another seed. */
describe('chaos', () => {
  it(
    'whatever fails, the oracle finds no anomaly',
    async () => {
      const folder =
        judge === undefined
          ? await playRun({
              seed,
              durationMs,
              families: (faults ?? faultFamilies) as FaultFamily[],
              checkoutsPerSecond,
              folder: join('.data', 'chaos', String(seed)),
            })
          : join(repositoryRoot, judge);
      const report = await judgeRun(folder, sharedServers());
      process.stderr.write(`seed ${seed}: ${folder}/report.md\n`);
      expect(report.firstAnomalies).toEqual([]);
    },
    durationMs + besideTheLoadMs,
  );
});
