import type { OpsOrderBody } from '@widget-store/api';
import { useState } from 'react';
import { TrackingLink } from '../components/tracking.js';
import { formatDateTime } from '../format.js';
import { ActionButton } from './actions.js';
import { FactList } from './factList.js';
import { type ParcelDraft, ParcelFields, parcelRequest } from './parcelFields.js';
import { opsTexts } from './texts.js';

interface ParcelProps {
  order: OpsOrderBody;
  /** The version of the order that the page shows. A correction sends this version back. */
  version: string;
}

/** The facts of a parcel that has left, and a form to correct its carrier and tracking link. */
export function Parcel({ order, version }: ParcelProps) {
  const [isOpen, setOpen] = useState(false);
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
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>{opsTexts.ship.correct}</summary>
        {isOpen && <Correction order={order} version={version} />}
      </details>
    </>
  );
}

/** A form that begins with the stored parcel, and begins again when another operator changes the parcel. */
function Correction({ order, version }: ParcelProps) {
  const { order_id: orderId, carrier, tracking_url: trackingUrl } = order;
  const stored = { carrier: carrier ?? '', trackingUrl: trackingUrl ?? '' };
  const [edit, setEdit] = useState({ stored, draft: stored });
  const draft = isSame(edit.stored, stored) ? edit.draft : stored;
  const request = parcelRequest(draft);
  return (
    <>
      <ParcelFields draft={draft} onDraft={(changed) => setEdit({ stored, draft: changed })} />
      <ActionButton
        text={opsTexts.ship.save}
        action={request === null ? null : { name: 'correctShipment', orderId, version, request }}
        disabledReason={request === null ? opsTexts.ship.notHttps : null}
        entries={JSON.stringify(edit.draft)}
      />
    </>
  );
}

function isSame(one: ParcelDraft, other: ParcelDraft): boolean {
  return one.carrier === other.carrier && one.trackingUrl === other.trackingUrl;
}
