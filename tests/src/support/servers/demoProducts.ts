import { join } from 'node:path';
import { defaultDrawing, drawingPaths } from '@widget-store/contract';
import { repositoryRoot } from '@widget-store/dev';

/** The products in the databases of tests. Tests do not depend on what the shop sells. */
export const demoProducts = [
  {
    name: 'Premium Quality Widget',
    description: 'Enhance your productivity with our top-rated widgets!',
    priceMinor: 9999,
  },
  { name: 'Pocket Widget', description: 'All of the widget in a fifth of the space.', priceMinor: 1999 },
  { name: 'Silent Widget', description: 'Turns without a sound, for libraries and nights.', priceMinor: 14900 },
  { name: 'Widget Duo', description: 'Two widgets that know each other well.', priceMinor: 17999 },
  { name: 'Outdoor Widget', description: 'Sealed against rain, sand and small children.', priceMinor: 12450 },
  { name: 'Widget Care Kit', description: 'A cloth, an oil and a good conscience.', priceMinor: 1250 },
].map((product, index) => ({
  ...product,
  productId: index + 1,
  currency: 'USD',
  imageUrl: drawingPaths[index % drawingPaths.length] ?? defaultDrawing,
}));

/**
 * A program that adds these products to the database of a store with its own Postgres, and the variables of the
 * program.
 */
export const demoSeed = {
  program: join(repositoryRoot, 'tests/programs/testSeed.js'),
  environment: { TEST_PRODUCTS: JSON.stringify(demoProducts) },
};
