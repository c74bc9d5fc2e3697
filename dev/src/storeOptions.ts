import type { Environment } from './childProcess';
import type { GatewaySecrets } from './gateway/secrets';
import type { SupervisedProcess } from './supervisor';

/** A process as `ps` shows it. */
export interface StartedProcess {
  name: string;
  pid: number;
  commandLine: string;
}

/** Paths of the programs that make up the store; each runs in Node. */
export interface StorePrograms {
  migrate: string;
  seed: string;
  gateway: string;
  worker: string;
  api: string;
}

export interface StoreOptions {
  /**
   * Absolute path of the directory with the state of Postgres and Temporal. Keep or delete both states together: if
   * only one of them is lost, orders can get stuck.
   */
  dataDir: string;
  ports: {
    api: number;
    worker: number;
    postgres: number;
    temporal: number;
    temporalUi?: number | undefined;
    gateway: number;
  };
  /**
   * The variables that the api, the worker, the migration and the seed inherit. Secrets of the gateway in these
   * variables override those in `dataDir`.
   */
  environment: Environment;
  /** A Postgres to use instead of starting one. */
  databaseUrl?: string | undefined;
  /** For tests: true if the database of `databaseUrl` is already migrated and seeded. */
  databaseReady?: boolean;
  /** A Temporal to use instead of starting one; `environment` then holds the other `TEMPORAL_*` variables. */
  temporalAddress?: string | undefined;
  taskQueue?: string;
  demo: boolean;
  paymentWindowMs?: number;
  /** For tests: if true, Postgres is faster, but a power cut can lose data. A killed Postgres still loses nothing. */
  throwaway?: boolean;
  /** Additional variables of one program, which override all others. */
  extraEnvironment?: { api?: Environment; worker?: Environment; gateway?: Environment };
  /** Programs to run instead of the built ones, for example a worker with a deliberate bug. */
  programs?: Partial<StorePrograms>;
  /** Called with each line of output and the name of its process. */
  onLine?: (name: string, line: string) => void;
  /** Called with each process that is started and kept running. */
  onSpawn?: (started: StartedProcess) => void;
  /** Aborting this signal interrupts the start: everything that already runs is stopped, and `startStore` rejects. */
  signal?: AbortSignal;
}

/** An additional process of a running service. */
export interface Replica {
  name: string;
  port: number;
  /** Additional variables of this process, which override all others. */
  extraEnvironment?: Environment;
}

/** The addresses of the parts of a store, and the secrets that the parts share. */
export interface StoreAddresses extends GatewaySecrets {
  apiUrl: string;
  workerUrl: string;
  databaseUrl: string;
  temporalAddress: string;
  temporalUiUrl: string | undefined;
  gatewayUrl: string;
}

export interface StartedStore extends StoreAddresses {
  processes: {
    /** Undefined if `databaseUrl` was given. */
    postgres: SupervisedProcess | undefined;
    /** Undefined if `temporalAddress` was given. */
    temporal: SupervisedProcess | undefined;
    gateway: SupervisedProcess;
    worker: SupervisedProcess;
    api: SupervisedProcess;
  };
  /** Starts a replica, and resolves when it is ready. `stop` stops it too. */
  startReplica(service: 'worker' | 'api', replica: Replica): Promise<SupervisedProcess>;
  /**
   * Stops all processes. Each one stops before the processes that it depends on. A process that has not ended after
   * `graceMs` milliseconds is killed.
   */
  stop(options?: { graceMs?: number }): Promise<void>;
}
