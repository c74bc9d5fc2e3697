import type { ProductBody } from '@widget-store/api';
import careKit from '../drawings/careKit.svg';
import duo from '../drawings/duo.svg';
import outdoor from '../drawings/outdoor.svg';
import pocket from '../drawings/pocket.svg';
import premium from '../drawings/premium.svg';
import silent from '../drawings/silent.svg';
import { texts } from '../texts.js';

/** By product id. What is put on sale later is drawn as the widget that it is. */
const drawings = new Map([
  [2, pocket],
  [3, silent],
  [4, duo],
  [5, outdoor],
  [6, careKit],
]);

interface ProductPictureProps {
  product: Pick<ProductBody, 'product_id' | 'product'>;
  /** Beside the product's name it says nothing new. */
  decorative?: boolean;
}

/** The product as on a workshop drawing. A file each, so that a browser keeps it, and one size, so that nothing jumps. */
export function ProductPicture({ product, decorative = false }: ProductPictureProps) {
  return (
    <img
      className="plate"
      src={drawings.get(product.product_id) ?? premium}
      alt={decorative ? '' : texts.home.picture(product.product)}
      width={400}
      height={400}
    />
  );
}
