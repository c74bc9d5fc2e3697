import { formatCount } from '../format.js';
import { texts } from '../texts.js';

const lastOnes = 5;

/** How many there are, in words that say what that means. */
export function Stock({ inventory }: { inventory: number }) {
  const count = formatCount(inventory);
  if (inventory === 0) return <span className="stock stock-none">{texts.home.soldOut}</span>;
  if (inventory <= lastOnes) return <span className="stock stock-low">{texts.home.lastOnes(count)}</span>;
  return <span className="stock">{texts.home.inStock(count)}</span>;
}
