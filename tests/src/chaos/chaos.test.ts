import { join } from 'node:path';
import { repositoryRoot } from '@widget-store/dev';
import { sharedServers } from '../support/env';
import { chaosSettings } from './env';
import { familiesCalled, faultFamilies } from './faults';
import { judgeRun, playRun, runsFolder } from './run';

const { seed, durationMs, faults: named = [], judge } = chaosSettings();
const families = named.length === 0 ? faultFamilies : familiesCalled(named);
const checkoutsPerSecond = 5;
/**
 * The time for everything except the load: the start, the clients' last retries, the wait until no work is open, and
 * the replay of every history.
 */
const besideTheLoadMs = 300_000;

/** `make chaos` runs this test for a longer time, and with a new seed. */
describe('chaos', () => {
  it(
    'the oracle finds no anomaly in a run with faults',
    async () => {
      const folder = judge === undefined ? join(runsFolder, String(seed)) : join(repositoryRoot, judge);
      if (judge === undefined) await playRun({ seed, durationMs, families, checkoutsPerSecond, folder });
      const report = await judgeRun(folder, sharedServers());
      process.stderr.write(`seed ${seed}: ${folder}/report.md\n`);
      expect(report.firstAnomalies).toEqual([]);
      // A run without load or faults would prove nothing.
      expect(report.operations['checkout']?.ok).toBeGreaterThan(report.durationMs / 1000);
      expect(report.faults.reduce((total, { confirmed }) => total + confirmed, 0)).toBeGreaterThan(0);
      expect(report.withoutEffect).toEqual([]);
      // The run omits fault families that are impossible on this machine. An omitted family is an error if `FAULTS`
      // names it.
      const refused = Object.entries(report.notDone).filter(([family]) => named.includes(family));
      expect(refused).toEqual([]);
    },
    durationMs + besideTheLoadMs,
  );
});
