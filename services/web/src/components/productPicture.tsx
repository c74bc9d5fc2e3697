import type { ProductBody } from '@widget-store/api';
import { defaultDrawing } from '@widget-store/contract';
import { useState } from 'react';
import { texts } from '../texts.js';

interface ProductPictureProps {
  product: Pick<ProductBody, 'image_url' | 'product'>;
  /** Whether the product's name is next to the picture. The picture then needs no alternative text. */
  decorative?: boolean;
}

/**
 * The picture of the product. A drawing takes its place if the product has no picture, or if the picture does not load.
 * The fixed size prevents layout shift.
 */
export function ProductPicture({ product, decorative = false }: ProductPictureProps) {
  const [failedUrl, setFailedUrl] = useState<string | null>(null);
  const { image_url: url } = product;
  return (
    <img
      className="plate"
      src={url === null || url === failedUrl ? defaultDrawing : url}
      alt={decorative ? '' : texts.home.picture(product.product)}
      width={400}
      height={400}
      onError={() => setFailedUrl(url)}
    />
  );
}
