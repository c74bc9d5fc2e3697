import type postgres from 'postgres';

/** The tables of our store that the store on DBOS also uses, with some of their CHECK constraints. */
const tables = `
  create table if not exists products (
    product_id integer primary key,
    name text not null,
    description text not null,
    price_minor integer not null check (price_minor >= 0),
    currency text not null,
    inventory integer not null default 0 check (inventory >= 0),
    image_url text,
    on_sale boolean not null default true
  );
  create table if not exists orders (
    order_id text primary key,
    sequence bigint generated always as identity not null unique,
    idempotency_key text not null unique,
    fingerprint text not null,
    request_id text not null,
    payment_id text,
    status text not null check (status in ('PENDING', 'PAID', 'DISPATCHED', 'CANCELLED')),
    payment_status text not null check (payment_status in ('none', 'pending', 'paid', 'failed', 'expired')),
    cancel_reason text check (cancel_reason in ('sold_out', 'payment_failed', 'payment_expired')),
    total_minor bigint not null check (total_minor >= 0),
    currency text not null,
    progress_remaining integer not null default 10 check (progress_remaining between 0 and 10),
    expires_at timestamptz not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    check ((status = 'CANCELLED') = (cancel_reason is not null)),
    check ((status in ('PAID', 'DISPATCHED')) = (payment_status = 'paid')),
    check ((status = 'DISPATCHED') = (progress_remaining = 0))
  );
  create table if not exists order_items (
    order_id text not null references orders,
    product_id integer not null references products,
    name text not null,
    quantity integer not null check (quantity > 0),
    unit_price_minor integer not null,
    primary key (order_id, product_id)
  );
  create table if not exists stock_movements (
    movement_id bigint generated always as identity primary key,
    product_id integer not null references products,
    order_id text references orders,
    kind text not null check (kind in ('seed', 'restock', 'hold', 'release')),
    quantity integer not null check (quantity <> 0),
    created_at timestamptz not null default now(),
    unique (order_id, product_id, kind)
  );
  create index if not exists stock_movements_product_quantity on stock_movements (product_id, quantity);`;

/** Inserts the store's catalogue, and records the initial stock of each product as a movement. */
const catalogue = `
  with added as (
    insert into products (product_id, name, description, price_minor, currency, inventory) values
      (1, 'Premium Quality Widget', 'Enhance your productivity with our top-rated widgets!', 9999, 'USD', 100),
      (2, 'Pocket Widget', 'All of the widget in a fifth of the space.', 1999, 'USD', 100),
      (3, 'Silent Widget', 'Turns without a sound, for libraries and nights.', 14900, 'USD', 100),
      (4, 'Widget Duo', 'Two widgets that know each other well.', 17999, 'USD', 100),
      (5, 'Outdoor Widget', 'Sealed against rain, sand and small children.', 12450, 'USD', 100),
      (6, 'Widget Care Kit', 'A cloth, an oil and a good conscience.', 1250, 'USD', 100)
    on conflict do nothing
    returning product_id, inventory
  )
  insert into stock_movements (product_id, kind, quantity) select product_id, 'seed', inventory from added`;

const migrationLock = 7_205_331;

/**
 * Creates the tables and fills the catalogue. Several processes may call this function at the same time. Only the first
 * call changes the database.
 */
export async function migrate(sql: postgres.Sql): Promise<void> {
  await sql.begin(async (transaction) => {
    await transaction`select pg_advisory_xact_lock(${migrationLock})`;
    await transaction.unsafe(tables);
    await transaction.unsafe(catalogue);
  });
}
