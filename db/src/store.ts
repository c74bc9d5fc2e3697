import type {
  BeginRefundInput,
  CancelOrderInput,
  MarkPaidInput,
  OrderRef,
  OrderState,
  PlacedOrder,
  PlaceOrderInput,
  RecordRefundInput,
} from '@widget-store/workflows/contract';
import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import { connect, type ConnectionOptions } from './connection';
import { withDeadline } from './deadline';
import { auditHolds, type HoldAudit, listStockMismatches, type StockMismatch } from './queries/auditStock';
import { beginRefund, recordRefund } from './queries/refundOrder';
import { cancelOrder, cancelPaidOrder, markOrderPaid } from './queries/settleOrder';
import { type DispatchProgress, readDispatchProgress, tickDispatch } from './queries/dispatch';
import { type Checkout, findCheckout, listOrders, type OrderPage, type OrderRow, readOrder } from './queries/orders';
import { findPlaced, placeOrder } from './queries/placeOrder';
import { listNewlyPaid, listUnfinished, type OrderFacts, type OrderKeys, readClock, readOrderFacts } from './queries/reconcile';
import { listProducts, type ProductRow, readProduct, restock } from './queries/products';

/**
 * Everything the store keeps in Postgres. Each writing method is one transaction and may be called again: the second
 * call changes nothing and answers like the first. All of them throw StoreError and nothing else.
 */
export interface Store {
  placeOrder(input: PlaceOrderInput): Promise<PlacedOrder>;
  markOrderPaid(input: MarkPaidInput): Promise<OrderState>;
  cancelOrder(input: CancelOrderInput): Promise<OrderState>;
  cancelPaidOrder(input: OrderRef): Promise<OrderState>;
  beginRefund(input: BeginRefundInput): Promise<OrderState>;
  recordRefund(input: RecordRefundInput): Promise<OrderState>;
  readDispatchProgress(input: OrderRef): Promise<DispatchProgress>;
  tickDispatch(input: { orderId: string; from: number }): Promise<DispatchProgress>;
  findCheckout(key: { paymentId: string } | { orderId: string }): Promise<Checkout | undefined>;
  readOrder(orderId: string): Promise<OrderRow | undefined>;
  listOrders(page: { limit: number; before?: number | undefined }): Promise<OrderPage>;
  /** The order of an idempotency key, as it was placed and as it stands. */
  findPlaced(idempotencyKey: string): Promise<PlacedOrder | undefined>;
  listProducts(): Promise<ProductRow[]>;
  readProduct(productId: number): Promise<ProductRow | undefined>;
  /** Brings a product's available inventory to `available`, as one movement of the difference. */
  restock(input: { productId: number; available: number }): Promise<void>;
  /** Now, by the database's clock; ISO 8601. */
  readClock(): Promise<string>;
  /** The orders of these keys; a key without an order is left out. */
  readOrderFacts(keys: OrderKeys): Promise<OrderFacts[]>;
  /** Orders that are not over although nothing has happened to them for a while, the oldest first. */
  listUnfinished(input: { unchangedMs: number; limit: number }): Promise<OrderFacts[]>;
  /** Of the newest orders those that an event of the gateway has paid since then. */
  listNewlyPaid(input: { since: string; newest: number }): Promise<OrderFacts[]>;
  /** Products whose inventory is not the sum of their movements. */
  listStockMismatches(input: { limit: number }): Promise<StockMismatch[]>;
  /** Compares what orders have moved with what they bought, for the slice of orders after a `sequence`, and some others. */
  auditHolds(input: { after: number; orderIds: string[]; slice: number; limit: number }): Promise<HoldAudit>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Waits up to five seconds for running work, then closes every connection. */
  close(): Promise<void>;
}

/**
 * Opens the store lazily: nothing is connected until the first call, and a database that is away may come back. Each call
 * gives up after `deadlineMs`, its wait for a connection included.
 */
export function openStore(options: ConnectionOptions): Store {
  const client = connect(options);
  const db = drizzle(client);
  const bounded = <T>(work: Promise<T>): Promise<T> => withDeadline(work, options.deadlineMs);
  return {
    placeOrder: (input) => bounded(placeOrder(db, input)),
    markOrderPaid: (input) => bounded(markOrderPaid(db, input)),
    cancelOrder: (input) => bounded(cancelOrder(db, input)),
    cancelPaidOrder: (input) => bounded(cancelPaidOrder(db, input)),
    beginRefund: (input) => bounded(beginRefund(db, input)),
    recordRefund: (input) => bounded(recordRefund(db, input)),
    readDispatchProgress: (input) => bounded(readDispatchProgress(db, input)),
    tickDispatch: (input) => bounded(tickDispatch(db, input)),
    findCheckout: (key) => bounded(findCheckout(db, key)),
    readOrder: (orderId) => bounded(readOrder(db, orderId)),
    listOrders: (page) => bounded(listOrders(db, page)),
    findPlaced: (idempotencyKey) => bounded(findPlaced(db, idempotencyKey)),
    listProducts: () => bounded(listProducts(db)),
    readProduct: (productId) => bounded(readProduct(db, productId)),
    restock: (input) => bounded(restock(db, input)),
    readClock: () => bounded(readClock(db)),
    readOrderFacts: (keys) => bounded(readOrderFacts(db, keys)),
    listUnfinished: (input) => bounded(listUnfinished(db, input)),
    listNewlyPaid: (input) => bounded(listNewlyPaid(db, input)),
    listStockMismatches: (input) => bounded(listStockMismatches(db, input)),
    auditHolds: (input) => bounded(auditHolds(db, input)),
    ping: async () => {
      await bounded(db.execute(sql`select 1`));
    },
    close: () => client.end({ timeout: 5 }),
  };
}
