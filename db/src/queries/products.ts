import { failureTypes } from '@widget-store/workflows/contract';
import { eq } from 'drizzle-orm';
import { StoreError } from '../errors';
import { products, stockMovements } from '../schema';
import type { Database } from './database';

export type ProductRow = typeof products.$inferSelect;

export async function readProduct(db: Database, productId: number): Promise<ProductRow | undefined> {
  const [product] = await db.select().from(products).where(eq(products.productId, productId));
  return product;
}

/** Holds stay as they are: what they took is not available, and comes back on top when they are released. */
export async function restock(
  db: Database,
  { productId, available }: { productId: number; available: number },
): Promise<void> {
  await db.transaction(async (tx) => {
    const [product] = await tx
      .select({ inventory: products.inventory })
      .from(products)
      .where(eq(products.productId, productId))
      .for('update');
    if (product === undefined) throw new StoreError(failureTypes.productNotFound, `There is no product ${productId}.`);
    const quantity = available - product.inventory;
    if (quantity === 0) return;
    await tx.insert(stockMovements).values({ productId, kind: 'restock', quantity });
    await tx.update(products).set({ inventory: available }).where(eq(products.productId, productId));
  });
}
