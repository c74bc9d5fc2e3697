import type { AnomalyBody, AttentionItemBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import { Button } from '../components/button.js';
import { Notice } from '../components/notice.js';
import { retryingText } from '../failureTexts.js';
import { opsOrderPath } from './paths.js';
import { randomHex } from '../randomHex.js';
import { texts } from '../texts.js';
import { ActionButton } from './actions.js';
import { Age } from './age.js';
import { anomaliesId } from './anomalies.js';
import { useAnomalies, useAttention, useOrderCounts } from './queries.js';
import { opsTexts } from './texts.js';

/**
 * Lists what needs an operator, with the actions for each entry: failed refunds, disputes, cancelled orders whose money
 * the store still has, fully refunded orders that still reserve their pieces, events that could not be delivered, stuck
 * orders and other anomalies, orders to ship, and products that ran out.
 */
export function Attention({ onShowToShip }: { onShowToShip: () => void }) {
  const attention = useAttention();
  const anomalies = useAnomalies();
  const counts = useOrderCounts();
  const error = attention.error ?? anomalies.error ?? counts.error;
  const isComplete = [attention, anomalies, counts].every(({ data }) => data !== undefined);
  const toShip = counts.data?.to_ship ?? 0;
  // An anomaly with a repair needs no operator, because the reconciler repairs it.
  const undecided = anomalies.data?.anomalies.filter(({ repair }) => repair === null) ?? [];
  const { items = [], sold_out: soldOut = [] } = attention.data ?? {};
  const isEmpty = items.length + undecided.length + soldOut.length + toShip === 0;
  return (
    <section className="ops-section" aria-labelledby="ops-attention">
      <h2 id="ops-attention">{opsTexts.attention.title}</h2>
      <Notice tone="warning">{error === null ? null : (retryingText(error) ?? texts.unexpected)}</Notice>
      {isEmpty && isComplete && <p>{opsTexts.attention.none}</p>}
      {isEmpty && !isComplete && error === null && <p>{texts.loading}</p>}
      {!isEmpty && (
        <ul className="ops-needs">
          {items
            .filter(({ event }) => event === null)
            .map((item) => (
              <AttentionItem key={item.refund_id ?? item.dispute_id ?? item.order_id} item={item} />
            ))}
          <FailedEvents items={items.filter(({ event }) => event !== null)} />
          {undecided.map((anomaly) => (
            <UndecidedAnomaly key={JSON.stringify(anomaly)} anomaly={anomaly} />
          ))}
          {toShip > 0 && (
            <Need action={<Button onPress={onShowToShip}>{opsTexts.attention.showToShip(toShip)}</Button>}>
              {opsTexts.attention.toShip(toShip)}
            </Need>
          )}
          {soldOut.map(({ product_id: id, product }) => (
            <Need key={id} action={<ReceiveUnits productId={id} product={product} />}>
              {opsTexts.attention.soldOut(product)}
            </Need>
          ))}
        </ul>
      )}
    </section>
  );
}

function Need({ action, children }: { action: ReactNode; children: ReactNode }) {
  return (
    <li className="ops-need">
      <p>{children}</p>
      <div>{action}</div>
    </li>
  );
}

/** A field for the number of delivered units, and the button that adds them to the stock. */
function ReceiveUnits({ productId, product }: { productId: number; product: string }) {
  const [entered, setEntered] = useState('');
  const change = Number(entered);
  const isPossible = Number.isInteger(change) && change >= 1;
  // A second click with the same number of units sends the same key, so the api does not add the units twice.
  const [key] = useState(() => randomHex(16));
  return (
    <div className="ops-receive">
      <input
        type="number"
        min={1}
        aria-label={opsTexts.attention.units(product)}
        value={entered}
        onChange={({ target }) => setEntered(target.value)}
      />
      <ActionButton
        text={opsTexts.attention.receive(isPossible ? change : null)}
        action={isPossible ? { name: 'receive', productId, change, key: `${key}-${change}` } : null}
        disabledReason={isPossible ? null : opsTexts.attention.atLeastOne}
        entries={entered}
      />
    </div>
  );
}

function AttentionItem({ item }: { item: AttentionItemBody }) {
  const { kind, order_id: orderId, order_number: number, event } = item;
  const { openOrder, redeliver } = opsTexts.attention;
  const action =
    event === null ? (
      <div className="ops-choices">
        <Link href={opsOrderPath(orderId)} className="button">
          {openOrder(number)}
        </Link>
        {kind === 'money_kept' && <KeepMoney item={item} />}
      </div>
    ) : (
      <ActionButton text={redeliver} action={{ name: 'redeliver', eventId: event.event_id }} />
    );
  return (
    <Need action={action}>
      {titleOf(item)}{' '}
      <span className="small">
        <Age iso={item.since} />
      </span>
    </Need>
  );
}

/** The events that could not be delivered. If there are several, one button sends all of them again. */
function FailedEvents({ items }: { items: AttentionItemBody[] }) {
  const { eventsFailed, redeliverAll } = opsTexts.attention;
  return (
    <>
      {items.length > 1 && (
        <Need action={<ActionButton text={redeliverAll} action={{ name: 'redeliverAll' }} />}>{eventsFailed}</Need>
      )}
      {items.map((item) => (
        <AttentionItem key={item.event?.event_id} item={item} />
      ))}
    </>
  );
}

function KeepMoney({ item }: { item: AttentionItemBody }) {
  const { order_id: orderId, order_number: number, amount_minor: minor, currency } = item;
  const { keep, keepDialog } = opsTexts.attention;
  const dialog = keepDialog(formatMoney({ minor, currency }), number);
  return <ActionButton text={keep} action={{ name: 'keepMoney', orderId }} dialog={dialog} />;
}

function titleOf({ kind, event, order_number: number, amount_minor: minor, currency }: AttentionItemBody): string {
  if (kind === 'event_failed') {
    return opsTexts.attention.event_failed({ number, type: event?.type ?? '', result: event?.last_result ?? '' });
  }
  return opsTexts.attention[kind](formatMoney({ minor, currency }));
}

/** The kinds of anomaly that mean that an order is stuck: its run is missing, makes no progress, or does not end. */
const stuckKinds = new Set(['run_stalled', 'hold_without_run', 'paid_without_dispatch', 'run_after_end']);

function UndecidedAnomaly({ anomaly: { kind, detail, order_id: orderId } }: { anomaly: AnomalyBody }) {
  const action =
    orderId === null ? (
      <a href={`#${anomaliesId}`} className="button">
        {opsTexts.attention.details}
      </a>
    ) : (
      <Link href={opsOrderPath(orderId)} className="button">
        {opsTexts.attention.openAnomalyOrder}
      </Link>
    );
  return <Need action={action}>{stuckKinds.has(kind) ? opsTexts.attention.stuck(detail) : detail}</Need>;
}
