import type { ProductBody } from '@widget-store/workflows/contract';
import { DemoControls } from '../components/demoControls.js';
import { Notice } from '../components/notice.js';
import { PageHeading, useTitle } from '../components/page.js';
import { Purchase } from '../components/purchase.js';
import { WidgetDrawing } from '../components/widgetDrawing.js';
import { isAway } from '../failures.js';
import { formatCount, formatMoney, formatTime } from '../format.js';
import { useProduct } from '../queries.js';
import { texts } from '../texts.js';

export function HomePage() {
  const { data: product, error, dataUpdatedAt } = useProduct();
  useTitle(texts.storeName);
  return (
    <>
      <article className="product">
        <figure className="plate">
          <WidgetDrawing />
        </figure>
        <div className="product-text">
          <PageHeading>{product?.product ?? texts.storeName}</PageHeading>
          <p className="lead">{product?.description ?? (error === null ? texts.loading : '')}</p>
          {product !== undefined && <ProductFacts product={product} />}
          <Purchase soldOut={product?.inventory === 0} />
          <Notice tone="warning">{staleText({ error, dataUpdatedAt })}</Notice>
        </div>
      </article>
      <DemoControls withRestock />
    </>
  );
}

function ProductFacts({ product }: { product: ProductBody }) {
  return (
    <dl className="product-facts">
      <div>
        <dt>{texts.home.price}</dt>
        <dd>{formatMoney({ minor: product.price_minor, currency: product.currency })}</dd>
      </div>
      <div>
        <dt>{texts.home.stock}</dt>
        <dd>{formatCount(product.inventory)}</dd>
      </div>
    </dl>
  );
}

/** @param dataUpdatedAt milliseconds since the epoch, 0 before the first answer */
function staleText({ error, dataUpdatedAt }: { error: unknown; dataUpdatedAt: number }): string | null {
  if (error === null) return null;
  if (!isAway(error)) return texts.broken;
  return dataUpdatedAt === 0 ? texts.away : texts.awaySince(formatTime(dataUpdatedAt));
}
