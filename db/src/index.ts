export { seedCatalogue } from './catalogue';
export { StoreError } from './errors';
export { migrateDatabase } from './migrations';
export { type OrderChanges, watchOrderChanges } from './orderChanges';
export type { Checkout, OrderPage, OrderRow } from './queries/orders';
export type { HoldMismatch, StockMismatch } from './queries/auditStock';
export type { ProductRow } from './queries/products';
export type { OrderFacts } from './queries/reconcile';
export { openStore, type Store } from './store';
