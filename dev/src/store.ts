import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Environment } from './childProcess';
import { gatewayProcess } from './gateway/process';
import { type GatewaySecrets, gatewaySecrets } from './gateway/secrets';
import { answersOk } from './ports';
import { createDatabase, postgresProcess, postgresUrl, preparePostgres } from './postgres';
import { runToEnd } from './runToEnd';
import { profilePath, serviceEnvironment } from './serviceEnvironment';
import type { Replica, StartedStore, StoreAddresses, StoreOptions, StorePrograms } from './storeOptions';
import { supervise, type SupervisedProcess, type SuperviseOptions } from './supervisor';
import { resolveTemporalBinary } from './temporalBinary';
import { temporalProcess } from './temporalServer';

/** The path is the same from `src` (jest) and from `dist`. */
export const repositoryRoot = resolve(__dirname, '../..');

const database = 'widget_store';
const readyDeadlineMs = 60_000;
const oneShotDeadlineMs = 120_000;

/**
 * Starts the whole store. Postgres (with its migrations and seed), Temporal and the payment gateway start at the same
 * time. The worker and the api start after all three. Resolves when all of them are ready.
 *
 * @throws Error with the last lines of the program that did not start. The other programs are stopped.
 */
export async function startStore(options: StoreOptions): Promise<StartedStore> {
  await makeDataDir(options.dataDir);
  const start = new StoreStart(options, await gatewaySecrets(options));
  try {
    return await start.run();
  } catch (error) {
    await start.stop();
    options.signal?.throwIfAborted();
    throw error;
  }
}

/** The type of the result of `Promise.all`. */
type Results<Starts> = { -readonly [Index in keyof Starts]: Awaited<Starts[Index]> };

class StoreStart {
  /** The processes in the order in which they were started. */
  private readonly started: SupervisedProcess[] = [];
  private readonly options: StoreOptions;
  private readonly failed = new AbortController();
  private readonly signal: AbortSignal;
  private readonly addresses: StoreAddresses;
  private readonly environment: Environment;

  constructor(options: StoreOptions, secrets: GatewaySecrets) {
    this.options = options;
    const { ports } = options;
    const ownTemporal = options.temporalAddress === undefined;
    this.signal = options.signal ? AbortSignal.any([options.signal, this.failed.signal]) : this.failed.signal;
    this.addresses = {
      apiUrl: `http://127.0.0.1:${ports.api}`,
      workerUrl: `http://127.0.0.1:${ports.worker}`,
      databaseUrl: options.databaseUrl ?? postgresUrl({ port: ports.postgres, database }),
      temporalAddress: options.temporalAddress ?? `127.0.0.1:${ports.temporal}`,
      temporalUiUrl: ownTemporal && ports.temporalUi !== undefined ? `http://127.0.0.1:${ports.temporalUi}` : undefined,
      gatewayUrl: `http://127.0.0.1:${ports.gateway}`,
      ...secrets,
    };
    this.environment = serviceEnvironment(options, this.addresses);
  }

  async run(): Promise<StartedStore> {
    const [postgres, temporal, gateway] = await this.all([
      this.startPostgres(),
      this.startTemporal(),
      this.startGateway(),
    ]);
    const [worker, api] = await this.all([this.startService('worker'), this.startService('api')]);
    const processes = { postgres, temporal, gateway, worker, api };
    return {
      ...this.addresses,
      processes,
      startReplica: (service, replica) => this.startService(service, replica),
      stop: (stopOptions) => this.stop(stopOptions),
    };
  }

  async stop(stopOptions?: { graceMs?: number }): Promise<void> {
    for (const running of this.started.toReversed()) {
      if (running.pid !== undefined) this.print(running.name, 'stopping');
      await running.stop(stopOptions);
    }
  }

  /**
   * Waits for all starts. If one fails, interrupts the others and waits for them too. A later `stop` therefore finds
   * every started process.
   */
  private async all<Starts extends Promise<unknown>[] | []>(starts: Starts): Promise<Results<Starts>> {
    for (const start of starts) start.catch((error: unknown) => this.failed.abort(error));
    await Promise.allSettled(starts);
    if (this.failed.signal.aborted) throw this.failed.signal.reason;
    return Promise.all(starts);
  }

  private async startPostgres(): Promise<SupervisedProcess | undefined> {
    if (this.options.databaseReady === true) return undefined;
    const postgres = await this.startOwnPostgres();
    await this.runOnce('migrate');
    await this.runOnce('seed');
    return postgres;
  }

  private async startOwnPostgres(): Promise<SupervisedProcess | undefined> {
    const { databaseUrl, dataDir, environment, ports, throwaway } = this.options;
    if (databaseUrl !== undefined) return undefined;
    const prepared = await preparePostgres({
      dataDir: join(dataDir, 'postgres'),
      throwaway,
      environment,
      onProgress: (text) => this.print('postgres', text),
      signal: this.signal,
    });
    const postgres = await this.startProcess(postgresProcess(prepared, { port: ports.postgres }));
    await createDatabase({ port: ports.postgres, database });
    return postgres;
  }

  private async startTemporal(): Promise<SupervisedProcess | undefined> {
    const { temporalAddress, dataDir, environment, ports } = this.options;
    if (temporalAddress !== undefined) return undefined;
    const onProgress = (text: string): void => this.print('temporal', text);
    const binary = await resolveTemporalBinary({ environment, onProgress, signal: this.signal });
    const dbFile = join(dataDir, 'temporal.db');
    const { temporal: port, temporalUi: uiPort } = ports;
    // The profile repeats the address of TEMPORAL_ADDRESS, because the SDK fails on an empty file.
    await writeFile(profilePath(dataDir), `[profile.default]\naddress = "${this.addresses.temporalAddress}"\n`);
    return this.startProcess(temporalProcess({ binary, port, uiPort, dbFile, environment }));
  }

  private startGateway(): Promise<SupervisedProcess> {
    const { dataDir, ports, environment, extraEnvironment } = this.options;
    const program = this.program('gateway');
    const gateway = gatewayProcess({ ...this.addresses, program, dataDir, port: ports.gateway, environment });
    return this.startProcess({ ...gateway, env: { ...gateway.env, ...extraEnvironment?.gateway } });
  }

  private startService(service: 'worker' | 'api', replica?: Replica): Promise<SupervisedProcess> {
    const { name, port, extraEnvironment } = {
      name: service,
      port: this.options.ports[service],
      extraEnvironment: this.options.extraEnvironment?.[service],
      ...replica,
    };
    const portVariable = service === 'api' ? 'PORT' : 'WORKER_PORT';
    return this.startProcess({
      name,
      command: process.execPath,
      args: [this.program(service)],
      env: { ...this.environment, [portVariable]: String(port), ...extraEnvironment },
      cwd: repositoryRoot,
      isReady: () => answersOk(`http://127.0.0.1:${port}/readyz`),
    });
  }

  private async startProcess(options: SuperviseOptions): Promise<SupervisedProcess> {
    this.signal.throwIfAborted();
    const { name, command, args } = options;
    const running = supervise({
      ...options,
      onLine: (line) => this.print(name, line),
      onSpawn: (pid) => this.options.onSpawn?.({ name, pid, commandLine: [command, ...args].join(' ') }),
    });
    this.started.push(running);
    // Stopping the process makes `whenReady` give up early.
    const giveUp = (): void => void running.stop();
    this.signal.addEventListener('abort', giveUp);
    await running.whenReady({ deadlineMs: readyDeadlineMs }).finally(() => {
      this.signal.removeEventListener('abort', giveUp);
    });
    return running;
  }

  private async runOnce(name: 'migrate' | 'seed'): Promise<void> {
    await runToEnd({
      name,
      command: process.execPath,
      args: [this.program(name)],
      env: this.environment,
      cwd: repositoryRoot,
      deadlineMs: oneShotDeadlineMs,
      signal: this.signal,
      onLine: (line) => this.print(name, line),
    });
  }

  private program(name: keyof StorePrograms): string {
    return this.options.programs?.[name] ?? join(repositoryRoot, builtPrograms[name]);
  }

  private print(name: string, line: string): void {
    this.options.onLine?.(name, line);
  }
}

/** Paths of the built programs, relative to the root of the repository. */
export const builtPrograms: StorePrograms = {
  migrate: 'db/dist/migrate.js',
  seed: 'db/dist/seed.js',
  gateway: 'dev/dist/gateway/main.js',
  worker: 'services/worker/dist/main.js',
  api: 'services/api/dist/main.js',
};

/**
 * Creates the data directory. Postgres's account must be able to enter it, because Postgres's data is inside. With a
 * strict umask, `mkdir` alone would let only root enter.
 */
async function makeDataDir(dataDir: string): Promise<void> {
  const created = await mkdir(dataDir, { recursive: true });
  if (created !== undefined) await chmod(dataDir, 0o711);
}
