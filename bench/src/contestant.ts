import type { ProcessIds } from './measure/processes';
import type { Shop } from './load/shop';

/** One store in the comparison, running. */
export interface Contestant {
  name: ContestantName;
  shop: Shop;
  /** Of everything that works for it, the servers included. */
  processes(): ProcessIds;
  /** Puts as many units of the default product on sale. */
  stock(available: number): Promise<void>;
  /** How many of its orders are paid and not dispatched yet. */
  countDispatching(): Promise<number>;
}

/** Names that the results and tables use; the tables say what each is. */
export const contestants = {
  'store-file': 'this store, Temporal on its file (survives a killed process)',
  'store-postgres': 'this store, Temporal on Postgres (survives a power cut)',
  'store-grown': 'as store-file, with 1,000,000 orders and 100,000 closed runs',
  'store-replicated': 'as store-file, with two apis and two workers',
  dbos: 'the same store on DBOS (survives a power cut)',
  'dbos-step': 'as dbos, with a dispatch in one step, as ours is one activity',
  'bare-file': 'workflows with the same tasks and no work, Temporal on its file',
  'bare-postgres': 'workflows with the same tasks and no work, Temporal on Postgres',
  plain: 'the same SQL without any workflow engine (a crash loses dispatches)',
} as const;

export type ContestantName = keyof typeof contestants;
