import type { ProductBody } from '@widget-store/api';
import { mostOfOne, quantityOf } from '../cart.js';
import { formatCount } from '../format.js';
import { useCartLines, useShop } from '../shop.js';
import { texts } from '../texts.js';
import { Button } from './button.js';

/** Puts one more into the cart, as long as there is one more. The focus stays here; what came of it is read out. */
export function AddToCart({ product }: { product: ProductBody }) {
  const { cart } = useShop();
  const { product_id: productId, inventory } = product;
  const inCart = quantityOf(useCartLines(), productId);
  const isSoldOut = inventory === 0;
  const text = isSoldOut ? texts.home.soldOut : texts.home.add;
  const add = () => {
    if (inCart < Math.min(inventory, mostOfOne)) cart.add([{ productId, quantity: 1 }]);
  };
  return (
    <>
      <Button disabled={isSoldOut} label={`${text}: ${product.product}`} onPress={add}>
        {text}
      </Button>
      <output className="in-cart">{inCart > 0 && inCartText({ inCart, inventory })}</output>
    </>
  );
}

function inCartText({ inCart, inventory }: { inCart: number; inventory: number }): string {
  const count = formatCount(inCart);
  if (inCart > inventory) return texts.home.tooManyInCart(count);
  if (inCart === inventory) return texts.home.allInCart(count);
  return inCart >= mostOfOne ? texts.home.mostInCart(count) : texts.home.inCart(count);
}
