import type { ProductBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { Link } from 'wouter';
import { Page } from '../components/page.js';
import { ProductPicture } from '../components/productPicture.js';
import { opsProductPath } from './paths.js';
import { texts } from '../texts.js';
import { AccessNotice } from './accessNotice.js';
import { NextPageButton } from './nextPageButton.js';
import { useProducts } from './queries.js';
import { AllStockFile } from './stockFile.js';
import { opsTexts } from './texts.js';

/** The page with all products, including those that are not on sale. */
export function ProductsPage() {
  const list = useProducts();
  const { data, error } = list;
  const products = data?.pages.flatMap((page) => page.products) ?? [];
  return (
    <Page title={opsTexts.products.title}>
      <AccessNotice error={error} />
      {data === undefined && error === null && <p>{texts.loading}</p>}
      {data !== undefined && (
        <>
          <div className="actions">
            <Link href={opsProductPath('new')} className="button button-primary">
              {opsTexts.products.add}
            </Link>
          </div>
          {products.length === 0 && <p>{opsTexts.products.none}</p>}
          <ul className="ops-products">
            {products.map((product) => (
              <ProductRow key={product.product_id} product={product} />
            ))}
          </ul>
          <NextPageButton list={list} text={opsTexts.search.more} />
          <AllStockFile />
        </>
      )}
    </Page>
  );
}

function ProductRow({ product }: { product: ProductBody }) {
  const { product_id: id, product: name, price_minor: minor, currency, inventory, on_sale: onSale } = product;
  return (
    <li>
      <ProductPicture product={product} decorative />
      <div>
        <Link href={opsProductPath(id)} className="ops-product-name">
          {name}
        </Link>
        <p className="small">
          {`${formatMoney({ minor, currency })} · ${opsTexts.products.units(inventory)}`}
          {!onSale && ` · ${opsTexts.products.hidden}`}
        </p>
      </div>
    </li>
  );
}
