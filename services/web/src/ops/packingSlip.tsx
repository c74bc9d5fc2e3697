import type { OrderReportBody } from '@widget-store/api';
import { Link } from 'wouter';
import { addressLines } from '../addressLines.js';
import { storeNowMs } from '../clock.js';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { Page } from '../components/page.js';
import { ProductPicture } from '../components/productPicture.js';
import { formatCount } from '../format.js';
import { opsOrderPath } from './paths.js';
import { texts } from '../texts.js';
import { AccessNotice } from './accessNotice.js';
import { notPackableReason } from './nextSteps.js';
import { useOrderReport } from './queries.js';
import { opsTexts } from './texts.js';

/** The packing slip of an order, to print: where the parcel goes and what is in it, without prices. */
export function PackingSlipPage({ orderId }: { orderId: string }) {
  const { data, error } = useOrderReport(orderId);
  const { title, titleOf } = opsTexts.slip;
  return (
    <Page title={data === undefined ? title : titleOf(data.order.order_number)}>
      <p className="back">
        <Link href={opsOrderPath(orderId)}>{opsTexts.slip.toOrder}</Link>
      </p>
      <AccessNotice error={error} notFound={opsTexts.order.unknown} />
      {data === undefined && error === null && <p>{texts.loading}</p>}
      {data !== undefined && <PackingSlip report={data} />}
    </Page>
  );
}

function PackingSlip({ report }: { report: OrderReportBody }) {
  const { items } = report.order;
  // Pieces that are back in stock are not in the parcel.
  const packed = items.map((item) => ({ ...item, pieces: item.quantity - item.returned }));
  return (
    <>
      <Notice tone="warning">{notPackableReason(report)}</Notice>
      <div className="actions">
        <Button kind="primary" onPress={() => window.print()}>
          {opsTexts.slip.print}
        </Button>
      </div>
      <p className="receipt-store">{opsTexts.slip.from(texts.storeName)}</p>
      <p>{opsTexts.slip.dates(formatDate(report.order.created_at), formatDate(storeNowMs()))}</p>
      <Recipient buyer={report.buyer} />
      <table className="items">
        <thead>
          <tr>
            <th scope="col">{texts.order.item}</th>
            <th scope="col">{texts.order.quantity}</th>
          </tr>
        </thead>
        <tbody>
          {packed
            .filter(({ pieces }) => pieces > 0)
            .map(({ product_id: id, product, image_url: imageUrl, pieces }) => (
              <tr key={id}>
                <td>
                  <ProductPicture product={{ product, image_url: imageUrl }} decorative />
                  {product}
                </td>
                <td>{formatCount(pieces)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}

function Recipient({ buyer }: Pick<OrderReportBody, 'buyer'>) {
  const address = buyer?.address ?? null;
  if (buyer === null || address === null) return <strong>{opsTexts.ship.noAddress}</strong>;
  const lines = [...(buyer.name === null ? [] : [buyer.name]), ...addressLines(address)];
  return <address className="slip-recipient">{lines.join('\n')}</address>;
}

/** Formats the day of a moment. @param time ISO 8601, or milliseconds since the epoch */
function formatDate(time: string | number): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium' }).format(new Date(time));
}
