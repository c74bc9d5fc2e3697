import { soakSettings } from '../support/env';
import { playSoak, soakFolder } from './soak';

const settings = soakSettings();
const besideTheLoadMs = 300_000;

/** `make soak`. Not part of `make test`, because slow leaks show only after a long time. */
describe('soak', () => {
  it(
    'uses no more memory, runs and connections after a long time than after a short one',
    async () => {
      const { claims } = await playSoak(settings);
      process.stderr.write(`${soakFolder}/report.md\n`);
      expect(claims.filter(({ holds }) => !holds)).toEqual([]);
    },
    settings.durationMs + besideTheLoadMs,
  );
});
