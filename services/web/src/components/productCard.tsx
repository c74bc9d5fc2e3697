import type { ProductBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { AddToCart } from './addToCart.js';
import { ProductPicture } from './productPicture.js';
import { Stock } from './stock.js';

export function ProductCard({ product }: { product: ProductBody }) {
  return (
    <li className="card">
      <ProductPicture product={product} />
      <h3>{product.product}</h3>
      <p className="card-text">{product.description}</p>
      <p className="card-facts">
        <span className="price">{formatMoney({ minor: product.price_minor, currency: product.currency })}</span>
        <Stock inventory={product.inventory} />
      </p>
      <AddToCart product={product} />
    </li>
  );
}
