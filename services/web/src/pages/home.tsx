import type { ProductBody } from '@widget-store/workflows/contract';
import { AddToCart } from '../components/addToCart.js';
import { DemoControls } from '../components/demoControls.js';
import { Notice } from '../components/notice.js';
import { PageHeading, useTitle } from '../components/page.js';
import { ProductCard } from '../components/productCard.js';
import { ProductPicture } from '../components/productPicture.js';
import { Purchase } from '../components/purchase.js';
import { Stock } from '../components/stock.js';
import { finalText, staleText } from '../failureTexts.js';
import { formatMoney } from '../format.js';
import { useProducts } from '../queries.js';
import { texts } from '../texts.js';

/** Everything on sale: the first product at once, the others by way of the cart. */
export function HomePage() {
  const { data: products, error, dataUpdatedAt } = useProducts();
  useTitle(texts.storeName);
  const [featured, ...others] = products ?? [];
  return (
    <>
      <Notice tone="warning">{staleText({ error, dataUpdatedAt })}</Notice>
      <Notice tone="error">{finalText(error)}</Notice>
      {featured === undefined ? <NothingYet isEmpty={products !== undefined} /> : <Featured product={featured} />}
      {others.length > 0 && (
        <section className="more-products">
          <h2>{texts.home.more}</h2>
          <ul className="cards">
            {others.map((product) => (
              <ProductCard key={product.product_id} product={product} />
            ))}
          </ul>
        </section>
      )}
      {products !== undefined && <DemoControls withRestock />}
    </>
  );
}

function Featured({ product }: { product: ProductBody }) {
  const { product_id: productId, price_minor: minor, currency, inventory } = product;
  return (
    <article className="product">
      <ProductPicture product={product} />
      <div className="product-text">
        <p className="eyebrow">{texts.home.featured}</p>
        <PageHeading>{product.product}</PageHeading>
        <p className="lead">{product.description}</p>
        <p className="product-facts">
          <span className="price">{formatMoney({ minor, currency })}</span>
          <Stock inventory={inventory} />
        </p>
        <Purchase items={[{ productId, quantity: 1 }]} hindrance={inventory === 0 ? 'soldOut' : null} />
        {inventory > 0 && <AddToCart product={product} />}
      </div>
    </article>
  );
}

/** As tall as what comes in its place, so that nothing jumps. */
function NothingYet({ isEmpty }: { isEmpty: boolean }) {
  return (
    <article className="product product-awaited">
      <PageHeading>{texts.storeName}</PageHeading>
      <p className="lead">{isEmpty ? texts.home.empty : texts.loading}</p>
    </article>
  );
}
