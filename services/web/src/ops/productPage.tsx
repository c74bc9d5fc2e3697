import type { StockLevelBody } from '@widget-store/api';
import { useState } from 'react';
import { Notice } from '../components/notice.js';
import { Page } from '../components/page.js';
import { texts } from '../texts.js';
import { AccessNotice } from './accessNotice.js';
import { useLeaveGuard } from './leaveGuard.js';
import { currenciesOf } from './productDraft.js';
import { ProductForm } from './productForm.js';
import { useProduct, useProducts, useStockBook, useStockLevel } from './queries.js';
import { StockBook } from './stockBook.js';
import { StockForm } from './stockForm.js';
import { opsTexts } from './texts.js';

/** The page on which an operator creates a product. */
export function NewProductPage() {
  const { data, error } = useProducts();
  const [isUnsaved, setUnsaved] = useState(false);
  useLeaveGuard(isUnsaved);
  // These are the currencies of the products that are already loaded. The form also offers all other currencies.
  const currencies = currenciesOf(data?.pages.flatMap(({ products }) => products) ?? []);
  return (
    <Page title={opsTexts.products.add}>
      <AccessNotice error={error} />
      {data === undefined && error === null && <p>{texts.loading}</p>}
      {data !== undefined && <ProductForm read={null} currencies={currencies} onReload={null} onUnsaved={setUnsaved} />}
    </Page>
  );
}

/** The page on which an operator changes a product and its stock. */
export function ProductPage({ productId }: { productId: number }) {
  const { data, error, dataUpdatedAt, refetch } = useProduct(productId);
  const stock = useStockLevel(productId);
  const book = useStockBook(productId);
  const [isProductUnsaved, setProductUnsaved] = useState(false);
  const [isStockUnsaved, setStockUnsaved] = useState(false);
  useLeaveGuard(isProductUnsaved || isStockUnsaved);
  const isBookEmpty = book.data?.pages[0]?.movements.length === 0;
  const name = data?.product.product ?? opsTexts.products.title;
  return (
    <Page title={name}>
      <AccessNotice error={error} notFound={texts.notFound.title} />
      {data === undefined && error === null && <p>{texts.loading}</p>}
      {data !== undefined && (
        <>
          {stock.data !== undefined && <StockTotal stock={stock.data} />}
          <Notice>{isBookEmpty ? opsTexts.products.created(name) : null}</Notice>
          <AccessNotice error={stock.error ?? book.error} />
          {stock.data !== undefined && (
            <StockForm productId={productId} stock={stock.data} onUnsaved={setStockUnsaved} />
          )}
          <ProductForm
            key={dataUpdatedAt}
            read={data}
            currencies={null}
            onReload={() => void refetch()}
            onUnsaved={setProductUnsaved}
          />
          {book.data !== undefined && <StockBook productId={productId} book={book} />}
        </>
      )}
    </Page>
  );
}

function StockTotal({ stock: { inventory, reserved } }: { stock: StockLevelBody }) {
  return (
    <p className="ops-total">
      <span>{opsTexts.stock.left(inventory)}</span>{' '}
      {reserved > 0 && <span className="ops-reserved">{opsTexts.stock.reserved(reserved)}</span>}
    </p>
  );
}
