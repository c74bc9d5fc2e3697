import { overloadSettings } from '../support/env';
import { overloadFolder, playOverload } from './overload';

const settings = overloadSettings();
/** Starting, finding the rate, the load before and after, the quiet. */
const besideTheOverloadMs = 420_000;

/** `make overload`. No part of `make test`: what it says depends on what else the machine has to do. */
describe('overload', () => {
  it(
    'is shed, costs nothing that was accepted, and is over when it is over',
    async () => {
      const { claims } = await playOverload(settings);
      process.stderr.write(`${overloadFolder}/report.md\n`);
      expect(claims.filter(({ holds }) => !holds)).toEqual([]);
    },
    settings.durationMs + besideTheOverloadMs,
  );
});
