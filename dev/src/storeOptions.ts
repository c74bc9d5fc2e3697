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
  /** Passed on to every program of ours: see `inheritedEnvironment`. Its secrets win over those in `dataDir`. */
  environment: Environment;
  /** A Postgres to use instead of starting one. */
  databaseUrl?: string | undefined;
  /** For tests: it is the copy of a database that was migrated and seeded, so neither is done again. */
  databaseReady?: boolean;
  /** A Temporal to use instead of starting one; `environment` then holds the other `TEMPORAL_*` variables. */
  temporalAddress?: string | undefined;
  taskQueue?: string;
  demo: boolean;
  /** Milliseconds that an order waits for its payment. */
  paymentWindowMs?: number;
  /** For tests: quicker, because nothing needs to survive a power cut. Killed processes still lose nothing. */
  throwaway?: boolean;
  nodeEnv: string;
  /** Variables for one service only; they win over all others. */
  extraEnvironment?: { api?: Environment; worker?: Environment; gateway?: Environment };
  /** Other programs than the built ones of this checkout, for example a worker with a planted bug. */
  programs?: Partial<StorePrograms>;
  /** Is given each line of output, with the name of the process that printed it. */
  onLine?: (name: string, line: string) => void;
  /** Is told of each process that is started and kept running. */
  onSpawn?: (started: StartedProcess) => void;
  /** Interrupts the start when aborted: what runs by then is stopped, and `startStore` rejects. */
  signal?: AbortSignal;
}

/** One more process of a service that runs already. */
export interface Replica {
  name: string;
  port: number;
  /** Variables for it only; they win over all others. */
  extraEnvironment?: Environment;
}

export interface StartedStore extends GatewaySecrets {
  apiUrl: string;
  workerUrl: string;
  databaseUrl: string;
  temporalAddress: string;
  temporalUiUrl: string | undefined;
  /** Of the sandbox gateway. */
  gatewayUrl: string;
  processes: {
    /** Undefined when `databaseUrl` was given. */
    postgres: SupervisedProcess | undefined;
    /** Undefined when `temporalAddress` was given. */
    temporal: SupervisedProcess | undefined;
    gateway: SupervisedProcess;
    worker: SupervisedProcess;
    api: SupervisedProcess;
  };
  /** Runs a service a second time; resolves when it is ready. It is stopped with the others, before them. */
  startReplica(service: 'worker' | 'api', replica: Replica): Promise<SupervisedProcess>;
  /** Stops every process, the ones that depend on others first. `graceMs` is for each. */
  stop(options?: { graceMs?: number }): Promise<void>;
}
