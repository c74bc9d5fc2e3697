import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { chaosSettings, sharedServers } from '../support/env';
import { familiesCalled, faultFamilies } from './faults';
import { judgeRun, playRun, runsFolder } from './run';

const { seed, durationMs, faults: named = [], judge } = chaosSettings();
const families = named.length === 0 ? faultFamilies : familiesCalled(named);
const checkoutsPerSecond = 5;
/** Starting, patience, quiet, and the replay of every history. */
const besideTheLoadMs = 300_000;

/** `make chaos` is this test with a longer duration and another seed. */
describe('chaos', () => {
  it(
    'whatever fails, the oracle finds no anomaly',
    async () => {
      const folder = judge === undefined ? join(runsFolder, String(seed)) : join(repositoryRoot, judge);
      if (judge === undefined) await playRun({ seed, durationMs, families, checkoutsPerSecond, folder });
      const report = await judgeRun(folder, sharedServers());
      process.stderr.write(`seed ${seed}: ${folder}/report.md\n`);
      expect(report.firstAnomalies).toEqual([]);
      // A run in which nothing happened would break nothing.
      expect(report.operations['checkout']?.ok).toBeGreaterThan(report.durationMs / 1000);
      expect(report.faults.reduce((total, { confirmed }) => total + confirmed, 0)).toBeGreaterThan(0);
      expect(report.withoutEffect).toEqual([]);
      // What nobody asked for by its name may be impossible on this machine: the report says so.
      const refused = Object.entries(report.notDone).filter(([family]) => named.includes(family));
      expect(refused).toEqual([]);
    },
    durationMs + besideTheLoadMs,
  );
});
