import { formatMoney } from '@widget-store/contract';
import { useId } from 'react';
import { maxQuantity } from '../cart.js';
import type { PricedLine } from '../pricedCart.js';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { ProductPicture } from './productPicture.js';
import { QuantityField } from './quantityField.js';

interface CartLineRowProps {
  line: PricedLine;
  onQuantity: (quantity: number) => void;
  onRemove: () => void;
}

export function CartLineRow({ line, onQuantity, onRemove }: CartLineRowProps) {
  const { name, imageUrl, isOnSale, quantity, priceMinor, currency, inventory, problem } = line;
  const { earlierPriceMinor: earlierMinor } = line;
  const headingId = useId();
  return (
    <li className="cart-line" aria-labelledby={headingId}>
      <ProductPicture product={{ image_url: imageUrl, product: name }} decorative />
      <div className="cart-line-text">
        <h2 id={headingId}>{name}</h2>
        {isOnSale && <p className="small">{texts.cart.each(formatMoney({ minor: priceMinor, currency }))}</p>}
      </div>
      <p className="cart-line-price">{isOnSale && formatMoney({ minor: priceMinor * quantity, currency })}</p>
      <div className="cart-line-actions">
        <QuantityField
          product={name}
          quantity={quantity}
          max={Math.max(1, Math.min(inventory, maxQuantity))}
          onQuantity={onQuantity}
        />
        <Button kind="quiet" label={texts.cart.removeOf(name)} onPress={onRemove}>
          {texts.cart.remove}
        </Button>
      </div>
      <Notice>
        {earlierMinor !== null && texts.cart.priceChanged(formatMoney({ minor: earlierMinor, currency }))}
      </Notice>
      <Notice tone="warning">{problem}</Notice>
    </li>
  );
}
