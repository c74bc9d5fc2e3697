import { join } from 'node:path';
import { reportProgress } from './cachedBinary';
import { inheritedEnvironment } from './env';
import { messageOf } from './errors';
import { goProgram } from './goPrograms';
import { runToEnd } from './runToEnd';
import { repositoryRoot } from './store';

const deadlineMs = 60_000;

const checks = [
  ['check', 'rules', 'alerts.yml'],
  ['check', 'config', 'prometheus.yml'],
  ['test', 'rules', 'alerts.test.yml'],
];

/**
 * The program of `make alerts`: promtool checks the alert rules and Prometheus's configuration, and tests when the
 * rules fire.
 */
async function main(): Promise<void> {
  const environment = inheritedEnvironment();
  const command = await goProgram('promtool', { environment });
  const cwd = join(repositoryRoot, 'observability');
  for (const args of checks) {
    const name = `promtool ${args.join(' ')}`;
    await runToEnd({ name, command, args, env: environment, cwd, deadlineMs });
    process.stdout.write(`${name}: passed\n`);
  }
}

main().catch((error: unknown) => {
  reportProgress(messageOf(error));
  process.exitCode = 1;
});
