import type { Bench } from '../bench';
import { closedLoop } from '../load/loops';
import { buy } from '../load/shop';
import { reportProgress } from '../servers';

const buyers = 200;
/** The first id of the added products, above the ids of the catalogue. */
const firstProductId = 1000;

/**
 * Compares 200 buyers of one product with 200 buyers who each buy a different product. The difference is the cost of
 * waiting for the lock of one product's row.
 */
export async function hot({ start, results, scale }: Bench): Promise<void> {
  const { sql, shop, name } = await start('store-file');
  await sql`
    with added as (
      insert into products (product_id, name, description, price_minor, currency, inventory)
      select id, 'Widget ' || id, 'One of many.', 100, 'USD', 100000
      from generate_series(${firstProductId}::int, ${firstProductId + buyers - 1}::int) id
      on conflict do nothing returning product_id, inventory
    )
    insert into stock_movements (product_id, kind, quantity) select product_id, 'seed', inventory from added`;
  // The warm-up is long, because an order takes seconds with so many buyers at the same time.
  const loop = { clients: buyers, warmUpMs: scale(5000), durationMs: scale(5000) };
  const measures = ['hot.onePerSecond', 'hot.eachPerSecond'];
  for (let round = 0; round < 2; round++) {
    for (const measure of round % 2 === 0 ? measures : measures.toReversed()) {
      const isOne = measure === 'hot.onePerSecond';
      const productOf = (buyer: number): number => firstProductId + (isOne ? 0 : buyer);
      const { perSecond } = await closedLoop(loop, (buyer) => buy(shop, 'failed', productOf(buyer)));
      results.add(name, { [measure]: perSecond });
      reportProgress(`${measure}: ${perSecond.toFixed(1)}`);
    }
  }
}
