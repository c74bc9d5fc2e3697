import { closedLoop } from '../load/loops';
import { buy } from '../load/shop';
import type { Field } from './scenario';

const buyers = 200;
const rounds = 3;
const durationMs = 6000;
/** With so many at once an order takes seconds. */
const leadInMs = 6000;
/** Above the ids of the catalogue. */
const firstProductId = 1000;

/** A crowd that wants one product against the same crowd with a product for each: what the lock of its row costs. */
export async function hot(field: Field): Promise<void> {
  const { sql } = field.store;
  await sql`
    with added as (
      insert into products (product_id, name, description, price_minor, currency, inventory)
      select id, 'Widget ' || id, 'One of many.', 100, 'USD', 100000
      from generate_series(${firstProductId}::int, ${firstProductId + buyers - 1}::int) id
      on conflict do nothing returning product_id, inventory
    )
    insert into stock_movements (product_id, kind, quantity) select product_id, 'seed', inventory from added`;
  for (let round = 0; round < rounds; round++) {
    const measures = ['hot.onePerSecond', 'hot.eachPerSecond'];
    for (const measure of round % 2 === 0 ? measures : measures.toReversed()) {
      const isOne = measure === 'hot.onePerSecond';
      const loop = { clients: buyers, leadInMs: field.scale(leadInMs), durationMs: field.scale(durationMs) };
      const { perSecond } = await closedLoop(loop, (buyer) =>
        buy(field.store.shop, 'failed', firstProductId + (isOne ? 0 : buyer)),
      );
      field.results.add('store-file', { [measure]: perSecond });
      field.tell(`${measure}: ${perSecond.toFixed(1)}`);
    }
  }
}
