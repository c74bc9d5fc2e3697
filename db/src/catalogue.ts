import { drawingPath } from '@widget-store/contract';
import type { CatalogueProduct } from './seedCatalogue';

/** The products that a new database gets. Replace them with those of your shop. */
export const catalogue: readonly CatalogueProduct[] = [
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
