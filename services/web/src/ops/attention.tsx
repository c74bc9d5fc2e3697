import type { AttentionItemBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { Link } from 'wouter';
import { Notice } from '../components/notice.js';
import { Time } from '../components/orderSummary.js';
import { retryingText } from '../failureTexts.js';
import { opsOrderPath } from '../paths.js';
import { texts } from '../texts.js';
import { useAttention } from './queries.js';
import { opsTexts } from './texts.js';

/** Lists what needs an operator: failed refunds, open disputes, and money that the store keeps of a cancelled order. */
export function Attention() {
  const { data, error } = useAttention();
  return (
    <section className="ops-section" aria-labelledby="ops-attention">
      <h2 id="ops-attention">{opsTexts.attention.title}</h2>
      <Notice tone="warning">{error === null ? null : (retryingText(error) ?? texts.unexpected)}</Notice>
      {data?.items.length === 0 && <p>{opsTexts.attention.none}</p>}
      {data !== undefined && data.items.length > 0 && (
        <ul className="ops-entries">
          {data.items.map((item) => (
            <AttentionItem key={item.refund_id ?? item.dispute_id ?? item.order_id} item={item} />
          ))}
        </ul>
      )}
    </section>
  );
}

function AttentionItem({ item }: { item: AttentionItemBody }) {
  const { kind, order_id: orderId, amount_minor: minor, currency, since } = item;
  return (
    <li>
      <p>
        <strong>{opsTexts.attention[kind](formatMoney({ minor, currency }))}</strong>{' '}
        <Link href={opsOrderPath(orderId)} className="id">
          {orderId}
        </Link>{' '}
        <span className="small ops-short">
          <Time iso={since} />
        </span>
      </p>
    </li>
  );
}
