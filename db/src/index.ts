export { seedCatalogue } from './catalogue';
export { StoreError } from './errors';
export { migrateDatabase } from './migrations';
export { type OrderChanges, watchOrderChanges } from './orderChanges';
export type { OrderRecord, OrderSearch } from './queries/operations';
export type { Checkout, OrderPage, OrderRow } from './queries/orders';
export type { ProductRow } from './queries/products';
export { openStore, type Store } from './store';
