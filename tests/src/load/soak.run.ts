import { soakSettings } from './env';
import { playSoak, soakFolder } from './soak';

const settings = soakSettings();
const besideTheLoadMs = 300_000;

/** The test of `make soak`. It is not part of `make test`, because slow leaks show only after a long time. */
describe('soak', () => {
  it(
    'does not accumulate memory, runs or connections over a long time',
    async () => {
      const { claims } = await playSoak(settings);
      process.stderr.write(`${soakFolder}/report.md\n`);
      expect(claims.filter(({ holds }) => !holds)).toEqual([]);
    },
    settings.durationMs + besideTheLoadMs,
  );
});
