import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { freePorts, inheritedEnvironment, repositoryRoot, temporaryDirectory } from '@widget-store/dev';
import { readRepositoryFile } from '../../support/repositoryFile';
import { newWebhookSecret } from '../../support/gateway/webhooks';
import { variablesIn } from '../composeFile';

/** The store of docker-compose.yml on this machine's Docker, beside any other store. */
export interface ComposeProject {
  /** The variables of the operator. A step can change them for the commands after it. */
  variables: Record<string, string>;
  /** For each port in docs/production.md, the port that replaces it on this machine. */
  ports: { 3000: number; 3001: number; 3002: number; 3010: number };
  apiUrl: string;
  gatewayUrl: string;
  /** The address of the store's database for its owner. */
  databaseUrl(): string;
  /** Runs a script with Bash in a temporary folder. Returns its standard output without the last line break. */
  run(script: string): Promise<string>;
  /**
   * Builds the images of this commit with the tag `now`, and those of the commit before with the tag `before`.
   *
   * @returns a sentence that names the commit of the tag `before`
   */
  build(): Promise<string>;
  /** Starts everything. Resolves when every job is complete and every other container is healthy. */
  up(): Promise<void>;
  /** Removes containers, networks and volumes. */
  down(): Promise<void>;
  /** Removes everything, including images. Returns the names of what remains. */
  remove(): Promise<string[]>;
}

const name = 'widget-store-check';
const images = ['widget-store-check', 'widget-store-check-gateway'];
const checkFile = 'tests/src/deployment/composeCheck/check.yml';
/**
 * A database cannot be upgraded if this commit has edited a migration of the commit before, which is allowed before the
 * first release. The tag `before` then means a second build of this commit. So it does without a git history.
 */
const buildScript = `
  export CHECK_TAG=now
  docker compose build >&2
  sources=${repositoryRoot} commit='this commit'
  if git -C $sources diff --quiet --diff-filter=a HEAD~1 -- 'db/migrations/*.sql'; then
    mkdir before
    git -C $sources archive HEAD~1 | tar -x -C before
    commit="commit $(git -C $sources rev-parse --short HEAD~1)"
    sources=$PWD/before
  fi
  CHECK_TAG=before docker compose --project-directory "$sources" build >&2
  echo "The first images are those of $commit."`;
/** The longest command builds the images. Without a cache, this build downloads every package. */
const deadlineMs = 30 * 60_000;
const outputBytes = 64 * 1024 * 1024;
const execute = promisify(execFile);

/** Chooses ports and passwords, and removes what an interrupted run has left. Starts nothing. */
export async function composeProject(): Promise<ComposeProject> {
  const folder = await temporaryDirectory();
  const ports = await freePorts('api', 'worker', 'gateway', 'secondApi', 'temporalUi', 'postgres');
  const url = (port: number): string => `http://127.0.0.1:${port}`;
  const variables: Record<string, string> = {
    COMPOSE_PROJECT_NAME: name,
    COMPOSE_FILE: composeFiles(),
    COMPOSE_PROGRESS: 'quiet',
    CHECK_TAG: 'before',
    CHECK_POSTGRES_PORT: String(ports.postgres),
    PORT: String(ports.api),
    PUBLIC_URL: url(ports.api),
    GATEWAY_PORT: String(ports.gateway),
    GATEWAY_PUBLIC_URL: url(ports.gateway),
    WORKER_PORT: String(ports.worker),
    TEMPORAL_UI_PORT: String(ports.temporalUi),
    POSTGRES_PASSWORD: newPassword(),
    STORE_DB_PASSWORD: newPassword(),
    TEMPORAL_DB_PASSWORD: newPassword(),
    GATEWAY_API_KEY: newPassword(),
    ADMIN_TOKEN: newPassword(),
    PAYMENT_WEBHOOK_SECRET: newWebhookSecret(),
    SHUTDOWN_NOTICE_MS: '3000',
    // All requests of the check come from one address.
    RATE_LIMIT_PER_MINUTE: '60000',
  };
  // An empty variable gets the default of docker-compose.yml, even if a file `.env` sets the variable.
  const defaults = variablesIn(readRepositoryFile('docker-compose.yml')).map((variable) => [variable.name, '']);
  const run: ComposeProject['run'] = async (script) => {
    const env = { ...inheritedEnvironment(), ...Object.fromEntries(defaults), ...variables };
    const options = { cwd: folder.path, env, timeout: deadlineMs, maxBuffer: outputBytes };
    const { stdout } = await execute('bash', ['-euo', 'pipefail', '-c', script], options);
    return stdout.trimEnd();
  };
  const down = async (): Promise<void> => {
    await run('docker compose down --volumes --remove-orphans --timeout 5');
  };
  await down();
  return {
    variables,
    ports: { 3000: ports.api, 3001: ports.worker, 3002: ports.gateway, 3010: ports.secondApi },
    apiUrl: url(ports.api),
    gatewayUrl: url(ports.gateway),
    databaseUrl: () => `postgres://store:${variables['STORE_DB_PASSWORD']}@127.0.0.1:${ports.postgres}/store`,
    run,
    build: () => run(buildScript),
    up: async () => void (await run('docker compose up --detach --wait --wait-timeout 600')),
    down,
    remove: async () => {
      await down();
      const references = images.map((image) => `--filter reference=${image}`).join(' ');
      await run(`docker image ls --format '{{.Repository}}:{{.Tag}}' ${references} | xargs -r docker image rm`);
      const label = `--filter label=com.docker.compose.project=${name}`;
      const left = await run(`
        docker ps --all --quiet ${label}
        docker volume ls --quiet ${label}
        docker network ls --quiet ${label}
        docker image ls --quiet ${references}`);
      await folder.remove();
      return left.split('\n').filter((line) => line !== '');
    },
  };
}

export const newPassword = (): string => randomBytes(24).toString('hex');

/** Returns docker-compose.yml, or the files of COMPOSE_FILE if it is set, and then the file of this check. */
function composeFiles(): string {
  const given = (inheritedEnvironment()['COMPOSE_FILE'] ?? 'docker-compose.yml').split(delimiter);
  return [...given.map((file) => resolve(repositoryRoot, file)), join(repositoryRoot, checkFile)].join(delimiter);
}
