import postgres from 'postgres';

const initialInventory = 100;

const catalogue = [
  {
    productId: 1,
    name: 'Premium Quality Widget',
    description: 'Enhance your productivity with our top-rated widgets!',
    priceMinor: 9999,
    currency: 'USD',
  },
];

/**
 * Puts the products on sale that are not there yet, each with its first stock as a movement. A product that exists
 * keeps its price and its stock.
 *
 * @param url `postgres://` connection string
 */
export async function seedCatalogue(url: string): Promise<void> {
  const client = postgres(url, { max: 1, onnotice: () => {} });
  try {
    for (const { productId, name, description, priceMinor, currency } of catalogue) {
      await client`
        with added as (
          insert into products (product_id, name, description, price_minor, currency, inventory)
          values (${productId}, ${name}, ${description}, ${priceMinor}, ${currency}, ${initialInventory})
          on conflict do nothing
          returning product_id, inventory
        )
        insert into stock_movements (product_id, kind, quantity) select product_id, 'seed', inventory from added`;
    }
  } finally {
    await client.end();
  }
}
