import type { ProductBody } from '@widget-store/api';
import careKit from '../drawings/careKit.svg';
import duo from '../drawings/duo.svg';
import outdoor from '../drawings/outdoor.svg';
import pocket from '../drawings/pocket.svg';
import premium from '../drawings/premium.svg';
import silent from '../drawings/silent.svg';
import { texts } from '../texts.js';

/** The drawings by product id. All other products have the drawing of the premium widget. */
const drawings = new Map([
  [2, pocket],
  [3, silent],
  [4, duo],
  [5, outdoor],
  [6, careKit],
]);

interface ProductPictureProps {
  product: Pick<ProductBody, 'product_id' | 'product'>;
  /** Whether the product's name is next to the picture. The picture then needs no alternative text. */
  decorative?: boolean;
}

/** A drawing of the product. Browsers cache each file, and the fixed size prevents layout shift. */
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
