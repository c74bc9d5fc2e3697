import type { DisputeBody } from '@widget-store/api';
import { disputeStatusNames, formatMoney } from '@widget-store/contract';
import { Time } from '../components/orderSummary.js';
import { disputeStatusSentences, opsTexts } from './texts.js';

/** Shows the disputes of an order. The operator can answer a dispute only at the gateway. */
export function Disputes({ disputes }: { disputes: DisputeBody[] }) {
  if (disputes.length === 0) return null;
  return (
    <section className="ops-section" aria-labelledby="ops-disputes">
      <h3 id="ops-disputes">{opsTexts.dispute.title}</h3>
      <ul className="ops-entries">
        {disputes.map((dispute) => (
          <li key={dispute.dispute_id}>
            <p>
              <strong>{formatMoney({ minor: dispute.amount_minor, currency: dispute.currency })}</strong>{' '}
              <span className={`pill pill-dispute-${dispute.status}`}>{disputeStatusNames[dispute.status]}</span>{' '}
              {disputeStatusSentences[dispute.status]}
            </p>
            <p className="small">
              <Time iso={dispute.created_at} />
              {dispute.reason !== null && ` ${opsTexts.dispute.reason(dispute.reason)}`}
              <span className="id"> {dispute.gateway_dispute_id}</span>
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}
