import type { OpsOrderBody } from '@widget-store/api';
import { useState } from 'react';
import { TrackingLink } from '../components/tracking.js';
import { formatDateTime } from '../format.js';
import { ActionButton } from './actions.js';
import { FactList } from './factList.js';
import { ParcelFields, parcelRequest } from './parcelFields.js';
import { opsTexts } from './texts.js';

/** The facts of a parcel that has left, and a form to correct its carrier and tracking link. */
export function Parcel({ order }: { order: OpsOrderBody }) {
  const { fulfilment, shipped_at: shippedAt, carrier } = order;
  if (fulfilment !== 'manual') return <p>{opsTexts.ship.shippedAutomatically}</p>;
  const { facts } = opsTexts.ship;
  return (
    <>
      <FactList
        facts={[
          [facts.shippedAt, shippedAt === null ? null : formatDateTime(shippedAt)],
          [facts.carrier, carrier],
        ]}
      />
      <TrackingLink order={order} text={opsTexts.ship.track} />
      <details>
        <summary>{opsTexts.ship.correct}</summary>
        <Correction order={order} />
      </details>
    </>
  );
}

function Correction({ order }: { order: OpsOrderBody }) {
  const { order_id: orderId, carrier, tracking_url: trackingUrl } = order;
  const [draft, setDraft] = useState({ carrier: carrier ?? '', trackingUrl: trackingUrl ?? '' });
  const request = parcelRequest(draft);
  return (
    <>
      <ParcelFields draft={draft} onDraft={setDraft} />
      <ActionButton
        text={opsTexts.ship.save}
        action={request === null ? null : { name: 'correctShipment', orderId, request }}
        disabledReason={request === null ? opsTexts.ship.notHttps : null}
      />
    </>
  );
}
