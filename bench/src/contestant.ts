import type postgres from 'postgres';
import type { StartedStore } from '@widget-store/dev';
import type { Shop } from './load/shop';
import type { ProcessIds } from './measure/processes';

/** The names of the contestants in results and tables, and what each contestant is. */
export const contestants = {
  'store-file': 'this store, Temporal on its file (survives a killed process)',
  'store-postgres': 'this store, Temporal on Postgres (survives a power cut)',
  'store-grown': 'as store-file, with 1,000,000 orders and 100,000 closed runs',
  'store-replicated': 'as store-file, with two apis and two workers',
  dbos: 'the same store on DBOS (survives a power cut)',
  'dbos-step': 'as dbos, with a dispatch in one step, because ours is one activity',
  'bare-file': 'workflows with the same tasks and no work, Temporal on its file',
  'bare-postgres': 'workflows with the same tasks and no work, Temporal on Postgres',
  plain: 'the same SQL without any workflow engine (a crash loses dispatches)',
} as const;

export type ContestantName = keyof typeof contestants;

export interface Contestant {
  name: ContestantName;
  shop: Shop;
  /** The processes of the store and of the servers that it uses. */
  processes: () => ProcessIds;
  /** Sets the available units of the default product. */
  restock: (available: number) => Promise<void>;
  /** Counts the orders that are paid and not yet dispatched. Without a database, counts the open runs instead. */
  countDispatching: () => Promise<number>;
  /** Ends the programs of the store, but not the servers. New processes replace the programs. */
  endPrograms: (signal: 'SIGKILL' | 'SIGTERM') => void;
  stop: () => Promise<void>;
}

/** Our store, as it runs in `make dev` or in production. */
export interface OwnStore extends Contestant {
  store: StartedStore;
  sql: postgres.Sql;
}

/** The contestants by name. */
export type Contestants = { [Name in ContestantName]: Name extends `store-${string}` ? OwnStore : Contestant };
