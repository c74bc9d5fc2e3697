import { overloadSettings } from '../support/env';
import { overloadFolder, playOverload } from './overload';

const settings = overloadSettings();
/** The start, the measurement of the rate, the load before and after, and the quiet. */
const besideTheOverloadMs = 420_000;

/** `make overload`. Not part of `make test`, because its result depends on the other load of the machine. */
describe('overload', () => {
  it(
    'is shed, loses nothing that was accepted, and the store recovers',
    async () => {
      const { claims } = await playOverload(settings);
      process.stderr.write(`${overloadFolder}/report.md\n`);
      expect(claims.filter(({ holds }) => !holds)).toEqual([]);
    },
    settings.durationMs + besideTheOverloadMs,
  );
});
