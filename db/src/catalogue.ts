import { drawingPath } from '@widget-store/contract';
import postgres from 'postgres';
import { sessionSettings } from './postgres/sessionSettings';

const initialInventory = 100;

const catalogue = [
  {
    productId: 1,
    name: 'Premium Quality Widget',
    description: 'Enhance your productivity with our top-rated widgets!',
    priceMinor: 9999,
    currency: 'USD',
    imageUrl: drawingPath('premium'),
  },
  {
    productId: 2,
    name: 'Pocket Widget',
    description: 'All of the widget in a fifth of the space.',
    priceMinor: 1999,
    currency: 'USD',
    imageUrl: drawingPath('pocket'),
  },
  {
    productId: 3,
    name: 'Silent Widget',
    description: 'Turns without a sound, for libraries and nights.',
    priceMinor: 14900,
    currency: 'USD',
    imageUrl: drawingPath('silent'),
  },
  {
    productId: 4,
    name: 'Widget Duo',
    description: 'Two widgets that know each other well.',
    priceMinor: 17999,
    currency: 'USD',
    imageUrl: drawingPath('duo'),
  },
  {
    productId: 5,
    name: 'Outdoor Widget',
    description: 'Sealed against rain, sand and small children.',
    priceMinor: 12450,
    currency: 'USD',
    imageUrl: drawingPath('outdoor'),
  },
  {
    productId: 6,
    name: 'Widget Care Kit',
    description: 'A cloth, an oil and a good conscience.',
    priceMinor: 1250,
    currency: 'USD',
    imageUrl: drawingPath('careKit'),
  },
];

/**
 * Adds the products of the catalogue that the database does not have yet, and records the initial stock of each as a
 * movement. Products that the database already has do not change.
 *
 * @param url `postgres://` connection string
 */
export async function seedCatalogue(url: string): Promise<void> {
  const client = postgres(url, { max: 1, connection: sessionSettings, onnotice: () => {} });
  try {
    for (const { productId, name, description, priceMinor, currency, imageUrl } of catalogue) {
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
