import { formatCount } from '../format.js';
import { texts } from '../texts.js';

const lowStockMax = 5;

/** The stock level in words. */
export function Stock({ inventory }: { inventory: number }) {
  const count = formatCount(inventory);
  if (inventory === 0) return <span className="stock stock-none">{texts.home.soldOut}</span>;
  if (inventory <= lowStockMax) return <span className="stock stock-low">{texts.home.lowStock(count)}</span>;
  return <span className="stock">{texts.home.inStock(count)}</span>;
}
