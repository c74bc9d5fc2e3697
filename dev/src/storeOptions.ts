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
  /** Absolute. Postgres and Temporal both keep their state in it: one without the other strands orders. */
  dataDir: string;
  ports: {
    api: number;
    worker: number;
    postgres: number;
    temporal: number;
    temporalUi?: number | undefined;
    gateway: number;
  };
  /** Passed on to every program of ours. Its secrets win over those in `dataDir`. */
  environment: Environment;
  /** A Postgres to use instead of starting one. */
  databaseUrl?: string | undefined;
  /** For tests: `databaseUrl` is already migrated and seeded. */
  databaseReady?: boolean;
  /** A Temporal to use instead of starting one; `environment` then holds the other `TEMPORAL_*` variables. */
  temporalAddress?: string | undefined;
  taskQueue?: string;
  demo: boolean;
  paymentWindowMs?: number;
  /** For tests: faster, because a power cut may lose data. A killed process still loses nothing. */
  throwaway?: boolean;
  /** Variables of one program only; they win over all others. */
  extraEnvironment?: { api?: Environment; worker?: Environment; gateway?: Environment };
  /** Other programs than the built ones of this checkout, for example a worker with a planted bug. */
  programs?: Partial<StorePrograms>;
  /** Gets each line of output with the name of the process. */
  onLine?: (name: string, line: string) => void;
  /** Gets each process that is started and kept running. */
  onSpawn?: (started: StartedProcess) => void;
  /** Interrupts the start: what runs by then is stopped, and `startStore` rejects. */
  signal?: AbortSignal;
}

/** One more process of a running service. */
export interface Replica {
  name: string;
  port: number;
  /** Variables of this process only; they win over all others. */
  extraEnvironment?: Environment;
}

/** Where the parts of a store are, and the secrets that they share. */
export interface StoreAddresses extends GatewaySecrets {
  apiUrl: string;
  workerUrl: string;
  databaseUrl: string;
  temporalAddress: string;
  temporalUiUrl: string | undefined;
  /** Of the sandbox gateway. */
  gatewayUrl: string;
}

export interface StartedStore extends StoreAddresses {
  processes: {
    /** Undefined when `databaseUrl` was given. */
    postgres: SupervisedProcess | undefined;
    /** Undefined when `temporalAddress` was given. */
    temporal: SupervisedProcess | undefined;
    gateway: SupervisedProcess;
    worker: SupervisedProcess;
    api: SupervisedProcess;
  };
  /** Resolves when the replica is ready. `stop` stops it too. */
  startReplica(service: 'worker' | 'api', replica: Replica): Promise<SupervisedProcess>;
  /** Stops every process, those that depend on others first. Each has `graceMs` milliseconds. */
  stop(options?: { graceMs?: number }): Promise<void>;
}
