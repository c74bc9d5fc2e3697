import type {
  BeginRefundInput,
  CancelOrderInput,
  ComparisonName,
  MarkPaidInput,
  OrderRef,
  OrderState,
  PlacedOrder,
  PlaceOrderInput,
  RecordRefundInput,
} from '@widget-store/contract';
import { sql } from 'drizzle-orm';
import { auditHolds, type HoldAudit, listStockMismatches, type StockMismatch } from './queries/auditStock';
import { beginRefund, type RecordedRefund, recordRefund } from './queries/refundOrder';
import { cancelOrder, cancelPaidOrder, markOrderPaid } from './queries/settleOrder';
import { type DispatchProgress, readDispatchProgress, tickDispatch } from './queries/dispatch';
import {
  countOrders,
  type OrderCounts,
  type OrderRecord,
  type OrderSearch,
  readOrderRecord,
  searchOrders,
} from './queries/operations';
import {
  type Checkout,
  findCheckout,
  type OldestHold,
  type OrderPage,
  type OrderRow,
  readOldestHold,
  readOrder,
  readOrders,
} from './queries/orders';
import type { Database } from './postgres/database';
import { withDeadline } from './postgres/deadline';
import { ConnectionPool, type PoolOptions } from './postgres/pool';
import { findPlaced, placeOrder } from './queries/placeOrder';
import { notePaymentReferences, type PaymentReference, readPaymentReference } from './queries/paymentReferences';
import {
  changeProduct,
  listProducts,
  type ProductChange,
  type ProductRow,
  readProduct,
  restock,
} from './queries/products';
import {
  listNewlyPaid,
  listUnfinished,
  noteComparedAt,
  type OrderFacts,
  type OrderKeys,
  readClock,
  readComparedAt,
  readOrderFacts,
} from './queries/reconcile';

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
  recordRefund(input: RecordRefundInput): Promise<RecordedRefund>;
  readDispatchProgress(input: OrderRef): Promise<DispatchProgress>;
  tickDispatch(input: { orderId: string; from: number }): Promise<DispatchProgress>;
  findCheckout(key: { paymentId: string } | { orderId: string }): Promise<Checkout | undefined>;
  readOrder(orderId: string): Promise<OrderRow | undefined>;
  /** Those of the orders that exist, in any order. */
  readOrders(orderIds: string[]): Promise<OrderRow[]>;
  /** Orders, newest first: all of them, or by status and by an id of theirs. */
  searchOrders(search: OrderSearch): Promise<OrderPage>;
  /** One order with its changes and its stock movements. */
  readOrderRecord(orderId: string): Promise<OrderRecord | undefined>;
  /** How many orders have each status; those that are over are counted among the newest 10,000. */
  countOrders(): Promise<OrderCounts>;
  /** The order of an idempotency key, as it was placed and as it stands. */
  findPlaced(idempotencyKey: string): Promise<PlacedOrder | undefined>;
  listProducts(): Promise<ProductRow[]>;
  readProduct(productId: number): Promise<ProductRow | undefined>;
  /** @returns the product as it is now, or undefined when there is none of this id */
  changeProduct(change: ProductChange): Promise<ProductRow | undefined>;
  /** Brings a product's available inventory to `available`, as one movement of the difference. */
  restock(input: { productId: number; available: number }): Promise<void>;
  /** Now, by the database's clock; ISO 8601. */
  readClock(): Promise<string>;
  /** Up to when this database knows that a comparison was made, ISO 8601; null when it knows of none. */
  readComparedAt(name: ComparisonName): Promise<string | null>;
  noteComparedAt(comparison: { name: ComparisonName; comparedAt: string }): Promise<void>;
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
  /** What the gateway calls a payment; null when that was never noted. */
  readPaymentReference(paymentId: string): Promise<string | null>;
  /** The first reference of a payment stays. */
  notePaymentReferences(references: PaymentReference[]): Promise<void>;
  /** How long stock has been held for a payment, and for how long beyond its window. */
  readOldestHold(): Promise<OldestHold>;
  /** Resolves when the database answers. */
  ping(): Promise<void>;
  /** Waits up to five seconds for running work, then closes every connection. */
  close(): Promise<void>;
}

/**
 * Opens the store lazily: nothing is connected until the first call, and a database that is away may come back. Each call
 * gives up after `deadlineMs`, its wait for a connection included.
 */
export function openStore(options: PoolOptions): Store {
  const pool = new ConnectionPool(options);
  const bounded = <T>(work: (db: Database) => Promise<T>): Promise<T> =>
    withDeadline(pool.run(work), options.deadlineMs);
  return {
    placeOrder: (input) => bounded((db) => placeOrder(db, input)),
    markOrderPaid: (input) => bounded((db) => markOrderPaid(db, input)),
    cancelOrder: (input) => bounded((db) => cancelOrder(db, input)),
    cancelPaidOrder: (input) => bounded((db) => cancelPaidOrder(db, input)),
    beginRefund: (input) => bounded((db) => beginRefund(db, input)),
    recordRefund: (input) => bounded((db) => recordRefund(db, input)),
    readDispatchProgress: (input) => bounded((db) => readDispatchProgress(db, input)),
    tickDispatch: (input) => bounded((db) => tickDispatch(db, input)),
    findCheckout: (key) => bounded((db) => findCheckout(db, key)),
    readOrder: (orderId) => bounded((db) => readOrder(db, orderId)),
    readOrders: (orderIds) => bounded((db) => readOrders(db, orderIds)),
    findPlaced: (idempotencyKey) => bounded((db) => findPlaced(db, idempotencyKey)),
    listProducts: () => bounded((db) => listProducts(db)),
    readProduct: (productId) => bounded((db) => readProduct(db, productId)),
    changeProduct: (change) => bounded((db) => changeProduct(db, change)),
    restock: (input) => bounded((db) => restock(db, input)),
    readClock: () => bounded((db) => readClock(db)),
    readComparedAt: (name) => bounded((db) => readComparedAt(db, name)),
    noteComparedAt: (comparison) => bounded((db) => noteComparedAt(db, comparison)),
    readOrderFacts: (keys) => bounded((db) => readOrderFacts(db, keys)),
    listUnfinished: (input) => bounded((db) => listUnfinished(db, input)),
    listNewlyPaid: (input) => bounded((db) => listNewlyPaid(db, input)),
    listStockMismatches: (input) => bounded((db) => listStockMismatches(db, input)),
    auditHolds: (input) => bounded((db) => auditHolds(db, input)),
    searchOrders: (search) => bounded((db) => searchOrders(db, search)),
    readOrderRecord: (orderId) => bounded((db) => readOrderRecord(db, orderId)),
    countOrders: () => bounded((db) => countOrders(db)),
    readPaymentReference: (paymentId) => bounded((db) => readPaymentReference(db, paymentId)),
    notePaymentReferences: (references) => bounded((db) => notePaymentReferences(db, references)),
    readOldestHold: () => bounded((db) => readOldestHold(db)),
    ping: async () => {
      await bounded((db) => db.execute(sql`select 1`));
    },
    close: () => pool.close(),
  };
}
