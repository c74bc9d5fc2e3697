import type { AttentionItemBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { Link } from 'wouter';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { Time } from '../components/orderSummary.js';
import { retryingText } from '../failureTexts.js';
import { opsOrderPath } from '../paths.js';
import { texts } from '../texts.js';
import { failureText } from './failureText.js';
import { useAttention, useOpsAction } from './queries.js';
import { opsTexts } from './texts.js';

/**
 * Lists what needs an operator: failed refunds, open disputes, cancelled orders whose money came back after a dispute,
 * and events that could not be delivered.
 */
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
            <AttentionItem
              key={item.refund_id ?? item.dispute_id ?? item.event?.event_id ?? item.order_id}
              item={item}
            />
          ))}
        </ul>
      )}
    </section>
  );
}

function AttentionItem({ item }: { item: AttentionItemBody }) {
  const { order_id: orderId, event, since } = item;
  return (
    <li>
      <p>
        <strong>{titleOf(item)}</strong>{' '}
        <Link href={opsOrderPath(orderId)} className="id">
          {orderId}
        </Link>{' '}
        <span className="small ops-short">
          <Time iso={since} />
        </span>
      </p>
      {event !== null && <Redeliver eventId={event.event_id} />}
    </li>
  );
}

function titleOf({ kind, event, amount_minor: minor, currency }: AttentionItemBody): string {
  if (kind === 'event_failed') return opsTexts.attention.event_failed(event?.type ?? '', event?.last_result ?? '');
  return opsTexts.attention[kind](formatMoney({ minor, currency }));
}

function Redeliver({ eventId }: { eventId: string }) {
  const { mutate, isPending, error } = useOpsAction();
  return (
    <>
      <div className="actions">
        <Button
          pending={isPending ? opsTexts.actions.working : null}
          onPress={() => mutate({ name: 'redeliver', eventId })}
        >
          {opsTexts.attention.redeliver}
        </Button>
      </div>
      <Notice tone="error">{failureText(error)}</Notice>
    </>
  );
}
