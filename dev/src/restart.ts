import { resolve } from 'node:path';
import { inheritedEnvironment, readEnv } from './env';
import { messageOf } from './errors';
import { restartProcess } from './restartProcess';
import { repositoryRoot } from './store';

const restartable = ['api', 'worker', 'gateway'] as const;
const deadlineMs = 60_000;

/** The program of `make restart`: restarts one program of a running `make dev`. */
async function main(): Promise<void> {
  const name = restartable.find((known) => known === process.argv[2]);
  if (name === undefined) throw new Error(`SERVICE must be one of ${restartable.join(', ')}: make restart SERVICE=api`);
  const { dataDir, ports } = readEnv();
  const pid = await restartProcess({
    name,
    dataDir: resolve(repositoryRoot, dataDir),
    environment: inheritedEnvironment(),
    readyUrl: `http://127.0.0.1:${ports[name]}/readyz`,
    deadlineMs,
  });
  process.stdout.write(`${name} is ready as process ${pid}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`make restart: ${messageOf(error)}\n`);
  process.exitCode = 1;
});
