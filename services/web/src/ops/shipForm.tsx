import type { OpsOrderBody } from '@widget-store/api';
import { maxCarrierLength, maxTrackingUrlLength } from '@widget-store/contract';
import { type ReactNode, useId, useState } from 'react';
import { Confirm } from '../components/confirm.js';
import { Notice } from '../components/notice.js';
import { formatDateTime } from '../format.js';
import { FactList } from './factList.js';
import { failureText } from './failureText.js';
import { useOpsAction, useReadOnlyReason } from './queries.js';
import { opsTexts } from './texts.js';

const emptyDraft = { carrier: '', trackingUrl: '' };

/**
 * A form to record that a paid order with manual fulfilment was shipped. If the operator sends the form again with the
 * same carrier and tracking link, nothing changes. For a shipped order, shows the facts of the parcel instead.
 */
export function ShipForm({ order }: { order: OpsOrderBody }) {
  const { order_id: orderId } = order;
  const [draft, setDraft] = useState(emptyDraft);
  const { mutate, isPending, status: sent, error } = useOpsAction();
  const id = useId();
  const readOnlyReason = useReadOnlyReason();
  const isShipped = order.status === 'DISPATCHED';
  const reason = notShippableReason(order);
  const carrier = draft.carrier.trim();
  const trackingUrl = draft.trackingUrl.trim();
  const isLinkValid = trackingUrl === '' || trackingUrl.startsWith('https://');
  const ship = (close: () => void): void => {
    close();
    const request = { ...(carrier && { carrier }), ...(trackingUrl && { tracking_url: trackingUrl }) };
    mutate({ name: 'ship', orderId, request });
  };
  return (
    <section className="ops-section" aria-labelledby={id}>
      <h2 id={id}>{isShipped ? opsTexts.ship.parcel : opsTexts.ship.title}</h2>
      {isShipped && <ParcelFacts order={order} />}
      {!isShipped && reason === null && (
        <>
          {order.ship_to === null && <strong>{opsTexts.ship.noAddress}</strong>}
          <ShipFields draft={draft} onDraft={setDraft} />
        </>
      )}
      {!isShipped && (
        <div className="actions">
          <Confirm
            kind="primary"
            buttonText={opsTexts.ship.button}
            title={opsTexts.ship.question}
            consequence={opsTexts.ship.consequence}
            confirmText={opsTexts.ship.confirm}
            dismissText={opsTexts.actions.dismiss}
            disabled={!isLinkValid || isPending}
            disabledReason={readOnlyReason ?? reason}
            pending={isPending ? opsTexts.actions.working : null}
            onConfirm={ship}
          />
        </div>
      )}
      <Notice>{sent === 'success' ? opsTexts.ship.shipped : null}</Notice>
      <Notice tone="error">{isLinkValid ? null : opsTexts.ship.notHttps}</Notice>
      <Notice tone="error">{failureText(error)}</Notice>
    </section>
  );
}

interface ShipFieldsProps {
  draft: typeof emptyDraft;
  onDraft: (draft: typeof emptyDraft) => void;
}

function ShipFields({ draft, onDraft }: ShipFieldsProps) {
  return (
    <div className="ops-form">
      <label>
        {opsTexts.ship.carrier}
        <input
          value={draft.carrier}
          maxLength={maxCarrierLength}
          onChange={({ target }) => onDraft({ ...draft, carrier: target.value })}
        />
      </label>
      <label>
        {opsTexts.ship.trackingUrl}
        <input
          type="url"
          value={draft.trackingUrl}
          maxLength={maxTrackingUrlLength}
          onChange={({ target }) => onDraft({ ...draft, trackingUrl: target.value })}
        />
      </label>
    </div>
  );
}

function ParcelFacts({ order }: { order: OpsOrderBody }) {
  const { fulfilment, shipped_at: shippedAt, carrier, tracking_url: trackingUrl } = order;
  if (fulfilment !== 'manual') return <p>{opsTexts.ship.shippedAutomatically}</p>;
  const { facts } = opsTexts.ship;
  return (
    <FactList
      facts={[
        [facts.shippedAt, shippedAt === null ? null : formatDateTime(shippedAt)],
        [facts.carrier, carrier],
        [facts.tracking, trackingUrl === null ? null : trackingLink(trackingUrl)],
      ]}
    />
  );
}

function trackingLink(url: string): ReactNode {
  return (
    <a href={url} rel="noreferrer" target="_blank">
      {opsTexts.ship.track}
    </a>
  );
}

/** Why the order cannot be shipped now; null if it can. The page asks this only of orders that are not shipped yet. */
function notShippableReason(order: OpsOrderBody): string | null {
  const { fulfilment, status, captured_minor: captured, refunded_minor: refunded } = order;
  if (fulfilment !== 'manual') return opsTexts.ship.automatic;
  if (status === 'PENDING') return opsTexts.ship.notPaid;
  return refunded >= captured ? opsTexts.ship.refunded : null;
}
