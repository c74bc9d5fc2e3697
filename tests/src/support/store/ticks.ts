import { dispatchTicks } from '@widget-store/contract';
import type postgres from 'postgres';

/** Adds to the database a trigger that records every change of an order's progress. */
export async function recordTicks(sql: postgres.Sql): Promise<void> {
  await sql.unsafe(`
    create table ticks (tick_id bigint generated always as identity, order_id text, before int, after int);
    create function record_tick() returns trigger language plpgsql as $$
      begin
        insert into ticks (order_id, before, after) values (new.order_id, old.progress_remaining, new.progress_remaining);
        return new;
      end $$;
    create trigger record_tick after update of progress_remaining on orders for each row
      when (old.progress_remaining is distinct from new.progress_remaining) execute function record_tick();
  `);
}

/**
 * Returns the recorded progress of an order. The result is 10, 9, … 0 for a whole dispatch without a skipped or
 * repeated tick.
 */
export async function ticksOf(sql: postgres.Sql, orderId: string): Promise<number[]> {
  const ticks = await sql<{ before: number; after: number }[]>`
    select before, after from ticks where order_id = ${orderId} order by tick_id`;
  return [...ticks.slice(0, 1).map((tick) => tick.before), ...ticks.map((tick) => tick.after)];
}

/** The result of `ticksOf` for a dispatch without a skipped or repeated tick. */
export const wholeDispatch = Array.from({ length: dispatchTicks + 1 }, (_, index) => dispatchTicks - index);
