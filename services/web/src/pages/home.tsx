import type { ProductBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { AddToCart } from '../components/addToCart.js';
import { DemoControls } from '../components/demoControls.js';
import { PageHeading, useTitle } from '../components/page.js';
import { ProductCard } from '../components/productCard.js';
import { ProductPicture } from '../components/productPicture.js';
import { ProductsNotice } from '../components/productsNotice.js';
import { Purchase } from '../components/purchase.js';
import { Stock } from '../components/stock.js';
import { useProducts } from '../queries.js';
import { texts } from '../texts.js';

/** The page with all products. The first product can be bought directly, the others through the cart. */
export function HomePage() {
  const { data: products } = useProducts();
  useTitle(texts.storeName);
  const [featured, ...others] = products ?? [];
  return (
    <>
      <ProductsNotice />
      <article className="product">
        {featured !== undefined && <ProductPicture product={featured} />}
        <div className="product-text">
          <p className="eyebrow">{texts.home.featured}</p>
          {/* This must stay the same element when the products arrive, because it can have the focus. */}
          <PageHeading>{featured?.product ?? texts.storeName}</PageHeading>
          {featured === undefined ? (
            <p className="lead">{products === undefined ? texts.loading : texts.home.empty}</p>
          ) : (
            <FeaturedText product={featured} />
          )}
        </div>
      </article>
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

function FeaturedText({ product }: { product: ProductBody }) {
  const { product_id: productId, price_minor: minor, currency, inventory } = product;
  return (
    <>
      <p className="lead">{product.description}</p>
      <p className="product-facts">
        <span className="price">{formatMoney({ minor, currency })}</span>
        <Stock inventory={inventory} />
      </p>
      <Purchase items={[{ productId, quantity: 1 }]} disabledReason={inventory === 0 ? 'soldOut' : null} />
      {inventory > 0 && <AddToCart product={product} />}
    </>
  );
}
