import type { DisputeBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { disputeStatusTexts, opsTexts } from './texts.js';
import { UtcTime } from './utcTime.js';

/** Shows the disputes of an order. The operator can answer a dispute only at the gateway. */
export function Disputes({ disputes }: { disputes: DisputeBody[] }) {
  if (disputes.length === 0) return null;
  return (
    <section className="ops-section" aria-labelledby="ops-disputes">
      <h2 id="ops-disputes">{opsTexts.dispute.title}</h2>
      <ul className="ops-entries">
        {disputes.map((dispute) => (
          <li key={dispute.dispute_id}>
            <p>
              <strong>{formatMoney({ minor: dispute.amount_minor, currency: dispute.currency })}</strong>{' '}
              <span className={`pill pill-dispute-${dispute.status}`}>{disputeStatusTexts[dispute.status].name}</span>{' '}
              {disputeStatusTexts[dispute.status].sentence}
            </p>
            <p className="small">
              <UtcTime iso={dispute.created_at} />
              {dispute.reason !== null && ` ${opsTexts.dispute.reason(dispute.reason)}`}
              <span className="id"> {dispute.gateway_dispute_id}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
