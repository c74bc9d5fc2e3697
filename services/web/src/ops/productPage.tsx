import { useState } from 'react';
import { Notice } from '../components/notice.js';
import { Page } from '../components/page.js';
import { texts } from '../texts.js';
import { AccessNotice } from './accessNotice.js';
import { useLeaveGuard } from './leaveGuard.js';
import { ProductForm } from './productForm.js';
import { useProduct, useStockBook } from './queries.js';
import { StockBook } from './stockBook.js';
import { StockForm } from './stockForm.js';
import { opsTexts } from './texts.js';

/** The page on which an operator creates a product. */
export function NewProductPage() {
  const [isUnsaved, setUnsaved] = useState(false);
  useLeaveGuard(isUnsaved);
  return (
    <Page title={opsTexts.products.add}>
      <ProductForm read={null} onReload={null} onUnsaved={setUnsaved} />
    </Page>
  );
}

/** The page on which an operator changes a product and its stock. */
export function ProductPage({ productId }: { productId: number }) {
  const { data, error, dataUpdatedAt, refetch } = useProduct(productId);
  const book = useStockBook(productId);
  const [isProductUnsaved, setProductUnsaved] = useState(false);
  const [isStockUnsaved, setStockUnsaved] = useState(false);
  useLeaveGuard(isProductUnsaved || isStockUnsaved);
  // The book is newer than the product, because only the book is polled.
  const newest = book.data?.pages[0]?.movements;
  const inStock = newest === undefined ? null : (newest[0]?.inventory ?? 0);
  const name = data?.product.product ?? opsTexts.products.title;
  return (
    <Page title={name}>
      <AccessNotice error={error} notFound={texts.notFound.title} />
      {data === undefined && error === null && <p>{texts.loading}</p>}
      {data !== undefined && (
        <>
          {inStock !== null && <p className="ops-total">{opsTexts.stock.left(inStock)}</p>}
          <Notice>{newest?.length === 0 ? opsTexts.products.created(name) : null}</Notice>
          <ProductForm key={dataUpdatedAt} read={data} onReload={() => void refetch()} onUnsaved={setProductUnsaved} />
          <AccessNotice error={book.error} />
          {inStock !== null && (
            <>
              <StockForm productId={productId} inStock={inStock} onUnsaved={setStockUnsaved} />
              <StockBook productId={productId} book={book} />
            </>
          )}
        </>
      )}
    </Page>
  );
}
