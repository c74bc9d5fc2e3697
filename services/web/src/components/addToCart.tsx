import type { ProductBody } from '@widget-store/api';
import { maxCartLines, pagePaths } from '@widget-store/contract';
import { useState } from 'react';
import { Link } from 'wouter';
import { countItems, isFull, maxQuantity, quantityOf } from '../cart.js';
import { formatCount } from '../format.js';
import { useCartLines, useShop } from '../shop.js';
import { texts } from '../texts.js';
import { Button } from './button.js';

/** A button that adds one unit to the cart. The focus stays on the button, and screen readers announce the result. */
export function AddToCart({ product }: { product: ProductBody }) {
  const { cart } = useShop();
  const { product_id: productId, price_minor: priceMinor, inventory } = product;
  const lines = useCartLines();
  const inCart = quantityOf(lines, productId);
  const [wasRefused, setWasRefused] = useState(false);
  const isSoldOut = inventory === 0;
  const text = isSoldOut ? texts.home.soldOut : texts.home.add;
  const add = () => {
    if (inCart < Math.min(inventory, maxQuantity)) cart.add([{ productId, quantity: 1, priceMinor }]);
    setWasRefused(inCart === 0 && isFull(lines));
  };
  return (
    <>
      <Button disabled={isSoldOut} label={`${text}: ${product.product}`} onPress={add}>
        {text}
      </Button>
      <output className="in-cart">
        {inCart > 0 && <span>{inCartText({ inCart, inventory })}</span>}
        {inCart > 0 && <Link href={pagePaths.cart}>{texts.home.viewCart(formatCount(countItems(lines)))}</Link>}
        {inCart === 0 && wasRefused && texts.home.cartFull(formatCount(maxCartLines))}
      </output>
    </>
  );
}

function inCartText({ inCart, inventory }: { inCart: number; inventory: number }): string {
  const count = formatCount(inCart);
  if (inCart > inventory) return texts.home.tooManyInCart(count);
  if (inCart === inventory) return texts.home.allInCart(count);
  return inCart >= maxQuantity ? texts.home.maxInCart(count) : texts.home.inCart(count);
}
