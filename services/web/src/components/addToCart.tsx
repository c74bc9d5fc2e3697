import type { ProductBody } from '@widget-store/workflows/contract';
import { mostOfOne, quantityOf } from '../cart.js';
import { formatCount } from '../format.js';
import { useCartLines, useStore } from '../store.js';
import { texts } from '../texts.js';
import { Button } from './button.js';

/** Puts one more into the cart, as long as there is one more. The focus stays here; what came of it is read out. */
export function AddToCart({ product }: { product: ProductBody }) {
  const { cart } = useStore();
  const { product_id: productId, inventory } = product;
  const inCart = quantityOf(useCartLines(), productId);
  const isAllIn = inCart >= Math.min(inventory, mostOfOne);
  const isSoldOut = inventory === 0;
  const add = () => {
    if (!isAllIn) cart.add([{ productId, quantity: 1 }]);
  };
  return (
    <>
      <Button disabled={isSoldOut} label={`${texts.home.add}: ${product.product}`} onPress={add}>
        {isSoldOut ? texts.home.soldOut : texts.home.add}
      </Button>
      <output className="in-cart">{inCart > 0 && texts.home.inCart({ count: formatCount(inCart), isAllIn })}</output>
    </>
  );
}
