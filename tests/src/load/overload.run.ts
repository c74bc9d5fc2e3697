import { overloadSettings } from './env';
import { overloadFolder, playOverload } from './overload';

const settings = overloadSettings();
/**
 * The time for everything except the overload: the start, the measurement of the rate, the load before and after, and
 * the wait until no work is open.
 */
const besideTheOverloadMs = 420_000;

/**
 * The test of `make overload`. It is not part of `make test`, because its result depends on the other load on the
 * machine.
 */
describe('overload', () => {
  it(
    'is shed, no accepted order is lost, and the store recovers',
    async () => {
      const { claims } = await playOverload(settings);
      process.stderr.write(`${overloadFolder}/report.md\n`);
      expect(claims.filter(({ holds }) => !holds)).toEqual([]);
    },
    settings.durationMs + besideTheOverloadMs,
  );
});
