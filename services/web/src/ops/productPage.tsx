import { pagePaths } from '@widget-store/contract';
import { useState } from 'react';
import { Link } from 'wouter';
import { Page } from '../components/page.js';
import { texts } from '../texts.js';
import { AccessNotice } from './accessNotice.js';
import { useLeaveGuard } from './leaveGuard.js';
import { ProductForm } from './productForm.js';
import { useProduct, useStockBook } from './queries.js';
import { StockBook } from './stockBook.js';
import { StockForm } from './stockForm.js';
import { opsTexts } from './texts.js';

/** The page on which an operator changes a product and its stock. @param productId null for a new product */
export function ProductPage({ productId }: { productId: number | null }) {
  const { data, error, dataUpdatedAt, refetch } = useProduct(productId);
  const [isUnsaved, setUnsaved] = useState(false);
  useLeaveGuard(isUnsaved);
  const title = productId === null ? opsTexts.products.add : (data?.product.product ?? opsTexts.products.title);
  return (
    <Page title={title}>
      <Link href={pagePaths.opsProducts}>{opsTexts.products.title}</Link>
      {productId === null && <ProductForm read={null} onReload={null} onUnsaved={setUnsaved} />}
      {productId !== null && <AccessNotice error={error} notFound={texts.notFound.title} />}
      {productId !== null && data === undefined && error === null && <p>{texts.loading}</p>}
      {productId !== null && data !== undefined && (
        <>
          <ProductForm key={dataUpdatedAt} read={data} onReload={() => void refetch()} onUnsaved={setUnsaved} />
          <Stock productId={productId} />
        </>
      )}
    </Page>
  );
}

function Stock({ productId }: { productId: number }) {
  const book = useStockBook(productId);
  return (
    <>
      <AccessNotice error={book.error} />
      {book.data !== undefined && (
        <>
          <StockForm productId={productId} />
          <StockBook productId={productId} book={book} />
        </>
      )}
    </>
  );
}
