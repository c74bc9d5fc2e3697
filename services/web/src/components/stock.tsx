import { formatCount } from '../format.js';
import { texts } from '../texts.js';

const lastOnes = 5;

/** The stock level in words. */
export function Stock({ inventory }: { inventory: number }) {
  const count = formatCount(inventory);
  if (inventory === 0) return <span className="stock stock-none">{texts.home.soldOut}</span>;
  if (inventory <= lastOnes) return <span className="stock stock-low">{texts.home.lastOnes(count)}</span>;
  return <span className="stock">{texts.home.inStock(count)}</span>;
}
