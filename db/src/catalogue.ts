import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/postgres-js';
import postgres from 'postgres';
import { products, stockMovements } from './schema';

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
    await drizzle(client).transaction(async (tx) => {
      const added = await tx
        .insert(products)
        .values(catalogue)
        .onConflictDoNothing()
        .returning({ productId: products.productId });
      if (added.length === 0) return;
      await tx
        .insert(stockMovements)
        .values(added.map(({ productId }) => ({ productId, kind: 'seed' as const, quantity: initialInventory })));
      for (const { productId } of added) {
        await tx
          .update(products)
          .set({ inventory: initialInventory })
          .where(sql`${products.productId} = ${productId}`);
      }
    });
  } finally {
    await client.end();
  }
}
