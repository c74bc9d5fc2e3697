import type { OpsOrderBody, OrderRunBody, TimelineEntryBody } from '@widget-store/api';
import { formatMoney, pagePaths } from '@widget-store/contract';
import { Link } from 'wouter';
import { OrderItems, StatusPill } from '../components/orderSummary.js';
import { Page } from '../components/page.js';
import { orderPath } from '../paths.js';
import { paymentStatusTexts, texts } from '../texts.js';
import { OrderActions } from './actions.js';
import { Buyer } from './buyer.js';
import { useOrderReport } from './queries.js';
import { Disputes } from './disputes.js';
import { RefundForm } from './refundForm.js';
import { Refunds } from './refunds.js';
import { ShipForm } from './shipForm.js';
import { opsTexts, runStateTexts, sourceTexts } from './texts.js';
import { AccessNotice } from './accessNotice.js';

/** One order: its facts, actions, workflow runs and timeline. */
export function OpsOrderPage({ orderId }: { orderId: string }) {
  const { data, error } = useOrderReport(orderId);
  return (
    <Page title={opsTexts.orderTitle}>
      <p>
        <Link href={pagePaths.ops}>{opsTexts.toList}</Link>
      </p>
      <AccessNotice error={error} notFound={opsTexts.order.unknown} />
      {data === undefined && error === null && <p>{texts.loading}</p>}
      {data !== undefined && (
        <>
          <Facts order={data.order} dashboardUrl={data.dashboard_url} />
          <ShipForm order={data.order} />
          <OrderActions order={data.order} />
          <Buyer buyer={data.buyer} />
          <RefundForm order={data.order} />
          <Refunds order={data.order} runs={data.runs} />
          <Disputes disputes={data.disputes} />
          <Runs runs={data.runs} />
          <Timeline entries={data.timeline} />
          <OrderItems order={asShopperSees(data.order)} />
        </>
      )}
    </Page>
  );
}

/** Leaves out failed refunds that are settled, and refunds of 0. The shopper's order page does not show them either. */
function asShopperSees(order: OpsOrderBody): OpsOrderBody {
  return { ...order, refunds: order.refunds.filter((refund) => refund.settled_by === null && refund.amount_minor > 0) };
}

function Facts({ order, dashboardUrl }: { order: OpsOrderBody; dashboardUrl: string | null }) {
  const { currency, captured_minor: captured, refunded_minor: refunded, disputed_minor: disputed } = order;
  const facts: [string, string | null][] = [
    [opsTexts.order.key, order.idempotency_key],
    [opsTexts.order.payment, paymentStatusTexts[order.payment_status]],
    [opsTexts.order.paymentId, order.payment_id],
    [opsTexts.order.reason, order.cancel_reason],
    [opsTexts.order.carrier, order.carrier],
    [opsTexts.order.trackingUrl, order.tracking_url],
    [opsTexts.order.captured, captured === 0 ? null : formatMoney({ minor: captured, currency })],
    [opsTexts.order.refunded, captured === 0 ? null : formatMoney({ minor: refunded, currency })],
    [opsTexts.order.disputed, disputed === 0 ? null : formatMoney({ minor: disputed, currency })],
  ];
  return (
    <section className="ops-section" aria-label={opsTexts.order.facts}>
      <p>
        <StatusPill status={order.status} /> {order.order_number} <span className="id">{order.order_id}</span>
      </p>
      <dl className="facts">
        {facts.map(([name, value]) =>
          value === null ? null : (
            <div key={name} className="ops-fact">
              <dt>{name}</dt>
              <dd className="id">{value}</dd>
            </div>
          ),
        )}
      </dl>
      <p>
        <Link href={orderPath(order.order_id)}>{opsTexts.order.shop}</Link>
      </p>
      {dashboardUrl !== null && (
        <p>
          <a href={dashboardUrl} rel="noreferrer" target="_blank">
            {opsTexts.order.dashboard}
          </a>
        </p>
      )}
    </section>
  );
}

function Runs({ runs }: { runs: OrderRunBody[] }) {
  return (
    <section className="ops-section" aria-labelledby="ops-runs">
      <h2 id="ops-runs">{opsTexts.order.runs}</h2>
      <ul>
        {runs.map(({ workflow_id: id, state, url }) => (
          <li key={id}>
            {url === null ? (
              <span className="id">{id}</span>
            ) : (
              <a href={url} className="id" rel="noreferrer" target="_blank">
                {id}
              </a>
            )}
            {', '}
            {runStateTexts[state]}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Timeline({ entries }: { entries: TimelineEntryBody[] }) {
  return (
    // On a narrow screen the table scrolls. Keyboard users need this tab stop, because the table has no other tab stop.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="ops-scroll" aria-label={opsTexts.order.timeline} tabIndex={0}>
      <table className="ops-table">
        <caption>{opsTexts.order.timeline}</caption>
        <thead>
          <tr>
            <th scope="col">{opsTexts.order.time}</th>
            <th scope="col">{opsTexts.order.source}</th>
            <th scope="col">{opsTexts.order.what}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry, index) => (
            // The index is the key, because entries have no id.
            // oxlint-disable-next-line react/no-array-index-key
            <tr key={index} className={`ops-from-${entry.source}`}>
              <td>
                <time dateTime={entry.at}>{entry.at.slice(0, 23).replace('T', ' ')}</time>
              </td>
              <td className="ops-short">{sourceTexts[entry.source]}</td>
              <td className="ops-event">
                {entry.title}
                {entry.detail !== null && <span className="small"> {entry.detail}</span>}
                {entry.workflow_id !== null && <span className="small id"> {entry.workflow_id}</span>}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
