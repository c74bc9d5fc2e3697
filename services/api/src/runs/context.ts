import type { WorkflowClient } from '@temporalio/client';
import type { ProductRow, Store } from '@widget-store/db';
import type { Admission } from '../admission/admission';
import type { ChangeWaits } from '../watches/changeWaits';
import type { RecentValues } from './recentValues';

/** The state that the functions in this folder share. Each process has one such object. */
export interface RunsContext {
  temporal: WorkflowClient;
  /** The time limit for all Temporal calls of one request together, including waits for a worker, in milliseconds. */
  deadlineMs: number;
  taskQueue: string;
  paymentWindowMs: number;
  /**
   * The address of the store and its operations pages, without a slash at its end. Each run links to the operations
   * page of its order.
   */
  publicUrl: string;
  store: Pick<
    Store,
    | 'checkWritable'
    | 'findCheckout'
    | 'findPaymentOfIntent'
    | 'findPlacedOrder'
    | 'readProducts'
    | 'recordPaymentReferences'
  >;
  admission: Pick<Admission, 'run'>;
  /**
   * The order ids by payment id. If a payment is missing here, the handler of its webhook must query its checkout run.
   */
  orderIds: RecentValues;
  /**
   * The addresses of the gateway's pages, by payment id. If a payment is missing here, a request for its page must send
   * an Update to its checkout run.
   */
  paymentPages: RecentValues;
  changes: Pick<ChangeWaits, 'listen'>;
  /** The products, as this process last read them. */
  products: Map<number, Pick<ProductRow, 'currency' | 'onSale'>>;
}
