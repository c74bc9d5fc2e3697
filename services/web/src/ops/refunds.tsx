import type { OpsOrderBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { refundStatusTexts } from '../texts.js';
import { opsTexts, refundSourceTexts } from './texts.js';

/** The refunds of an order: who asked for each, why, and what became of it. */
export function Refunds({ order: { refunds, currency } }: { order: OpsOrderBody }) {
  if (refunds.length === 0) return null;
  const { refunds: title, time, amountOf, status, source, reasonOf, gatewayId } = opsTexts.refund;
  return (
    // The table scrolls on a narrow screen and contains no focusable element, so the keyboard needs this tab stop.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <section className="ops-scroll" aria-label={title} tabIndex={0}>
      <table className="ops-table">
        <caption>{title}</caption>
        <thead>
          <tr>
            {[time, amountOf, status, source, reasonOf, gatewayId].map((name) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {refunds.map((refund) => (
            <tr key={refund.refund_id}>
              <td>
                <time dateTime={refund.created_at}>{refund.created_at.slice(0, 19).replace('T', ' ')}</time>
              </td>
              <td>{formatMoney({ minor: refund.amount_minor, currency })}</td>
              <td>{refundStatusTexts[refund.status]}</td>
              <td>{refundSourceTexts[refund.source]}</td>
              <td>{refund.reason}</td>
              <td className="small id">{refund.gateway_refund_id}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
