import { join } from 'node:path';
import { cachedBinary } from './cachedBinary';
import { inheritedEnvironment } from './env';
import { messageOf } from './errors';
import { goTool } from './goInstall';
import { runToEnd } from './runToEnd';
import { repositoryRoot } from './store';

/** Of Prometheus 3.15.0, which docker-compose.yml runs. */
const version = '0.315.0';

const deadlineMs = 60_000;

const checks = [
  ['check', 'rules', 'alerts.yml'],
  ['check', 'config', 'prometheus.yml'],
  ['test', 'rules', 'alerts.test.yml'],
];

/** The program of `make alerts`: Prometheus's own tool checks the rules, tests when they fire, and checks who is scraped. */
async function main(): Promise<void> {
  const environment = inheritedEnvironment();
  const promtool = await cachedBinary({
    fileName: `promtool-${version}`,
    environment,
    onProgress: (text) => void process.stderr.write(`${text}\n`),
    sources: [
      goTool({
        what: `promtool ${version}`,
        takes: 'about 4 minutes on 2 cores and 120 MB, once only',
        module: `github.com/prometheus/prometheus/cmd/promtool@v${version}`,
        program: 'promtool',
      }),
    ],
  });
  for (const args of checks) {
    const name = `promtool ${args.join(' ')}`;
    await runToEnd({
      name,
      command: promtool,
      args,
      env: environment,
      cwd: join(repositoryRoot, 'observability'),
      deadlineMs,
    });
    process.stdout.write(`${name}: in order\n`);
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${messageOf(error)}\n`);
  process.exitCode = 1;
});
