import type { WorkflowClient } from '@temporalio/client';
import type { Store } from '@widget-store/db';
import type { Admission } from '../admission/admission';
import type { ChangeWaits } from '../watches/changeWaits';
import type { OrderIds } from './orderIds';

/** What the functions that start, signal and query runs share: one for each process. */
export interface RunsContext {
  temporal: WorkflowClient;
  /** Milliseconds until a call to Temporal gives up, the wait for a worker included. */
  deadlineMs: number;
  taskQueue: string;
  paymentWindowMs: number;
  /**
   * The store as shoppers reach it, without a trailing slash; each run links to the operations page of its order there.
   */
  publicUrl: string;
  store: Pick<Store, 'findCheckout' | 'findPlacedOrder' | 'listProducts'>;
  admission: Pick<Admission, 'run'>;
  orderIds: OrderIds;
  changes: Pick<ChangeWaits, 'listen'>;
  /** The currency of each product when this process last read them. */
  currencies: Map<number, string>;
}
