import postgres from 'postgres';
import { sessionSettings } from './postgres/sessionSettings';

export interface CatalogueProduct {
  productId: number;
  name: string;
  description: string;
  priceMinor: number;
  /** An ISO 4217 code. */
  currency: string;
  imageUrl: string;
}

const initialInventory = 100;

/**
 * Adds the products that the database does not have yet, and records the initial stock of each as a movement. Products
 * that the database already has do not change.
 *
 * @param url `postgres://` connection string
 */
export async function seedCatalogue(url: string, products: readonly CatalogueProduct[]): Promise<void> {
  const client = postgres(url, { max: 1, connection: sessionSettings, onnotice: () => {} });
  try {
    for (const { productId, name, description, priceMinor, currency, imageUrl } of products) {
      await client`
        with added as (
          insert into products (product_id, name, description, price_minor, currency, image_url, inventory)
          values (${productId}, ${name}, ${description}, ${priceMinor}, ${currency}, ${imageUrl}, ${initialInventory})
          on conflict do nothing
          returning product_id, inventory
        )
        insert into stock_movements (product_id, kind, quantity) select product_id, 'seed', inventory from added`;
    }
  } finally {
    await client.end();
  }
}
