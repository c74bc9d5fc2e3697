import type { ProductBody } from '@widget-store/api';
import { formatMoney, pagePaths } from '@widget-store/contract';
import { Link } from 'wouter';
import { AddToCart } from '../components/addToCart.js';
import { DemoControls } from '../components/demoControls.js';
import { PageHeading, useTitle } from '../components/page.js';
import { ProductCard } from '../components/productCard.js';
import { ProductPicture } from '../components/productPicture.js';
import { ProductsNotice } from '../components/productsNotice.js';
import { Purchase } from '../components/purchase.js';
import { Stock } from '../components/stock.js';
import { productsPath } from '../paths.js';
import { useProductPage } from '../queries.js';
import { texts } from '../texts.js';

/**
 * A page of the catalogue. Shoppers can buy the first product of the first page directly. They can buy all other
 * products only through the cart.
 *
 * @param cursor null for the first page
 */
export function HomePage({ cursor }: { cursor: string | null }) {
  const query = useProductPage(cursor);
  useTitle(texts.storeName);
  const { data: page } = query;
  const isFirst = cursor === null;
  const cards = page?.products.slice(isFirst ? 1 : 0) ?? [];
  return (
    <>
      <ProductsNotice query={query} />
      {isFirst ? <Featured products={page?.products} /> : <PageHeading>{texts.home.more}</PageHeading>}
      {!isFirst && page === undefined && <p className="lead">{texts.loading}</p>}
      {cards.length > 0 && (
        <section className="more-products">
          {isFirst && <h2>{texts.home.more}</h2>}
          <ul className="cards">
            {cards.map((product) => (
              <ProductCard key={product.product_id} product={product} />
            ))}
          </ul>
        </section>
      )}
      {page !== undefined && (
        <PageLinks isFirst={isFirst} nextCursor={page.nextCursor} previousCursor={page.previousCursor} />
      )}
      {page !== undefined && <DemoControls withRestock />}
    </>
  );
}

/** @param products the products of the first page; undefined before the store's first answer */
function Featured({ products }: { products: ProductBody[] | undefined }) {
  const featured = products?.[0];
  return (
    <article className="product">
      {featured !== undefined && <ProductPicture product={featured} />}
      <div className="product-text">
        <p className="eyebrow">{texts.home.featured}</p>
        {/* The heading must stay the same element when the products arrive, because it can have the focus. */}
        <PageHeading>{featured?.product ?? texts.storeName}</PageHeading>
        {featured === undefined ? (
          <p className="lead">{products === undefined ? texts.loading : texts.home.empty}</p>
        ) : (
          <FeaturedText product={featured} />
        )}
      </div>
    </article>
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
      <Purchase
        items={[{ productId, quantity: 1, priceMinor: minor }]}
        currency={currency}
        disabledReason={inventory === 0 ? 'soldOut' : null}
      />
      {inventory > 0 && <AddToCart product={product} />}
    </>
  );
}

interface PageLinksProps {
  isFirst: boolean;
  nextCursor: string | null;
  previousCursor: string | null;
}

/** The links to other pages. The second page has no separate link to its previous page, which is the first page. */
function PageLinks({ isFirst, nextCursor, previousCursor }: PageLinksProps) {
  if (isFirst && nextCursor === null) return null;
  return (
    <nav className="actions pages" aria-label={texts.home.pages}>
      {!isFirst && <PageLink href={pagePaths.home} text={texts.home.firstPage} />}
      {previousCursor !== null && <PageLink href={productsPath(previousCursor)} text={texts.home.previousPage} />}
      {nextCursor !== null && <PageLink href={productsPath(nextCursor)} text={texts.home.nextPage} />}
    </nav>
  );
}

function PageLink({ href, text }: { href: string; text: string }) {
  return (
    <Link href={href} className="button">
      {text}
    </Link>
  );
}
