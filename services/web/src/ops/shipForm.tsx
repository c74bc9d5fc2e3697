import type { OpsOrderBody } from '@widget-store/api';
import { useId, useState } from 'react';
import { Confirm } from '../components/confirm.js';
import { Notice } from '../components/notice.js';
import { isAllReturned } from '../orderTexts.js';
import { failureText } from './failureText.js';
import { Parcel } from './parcel.js';
import { emptyParcel, ParcelFields, parcelRequest } from './parcelFields.js';
import { useOpsAction, useReadOnlyReason } from './queries.js';
import { opsTexts } from './texts.js';

/**
 * A form to record that a paid order with manual fulfilment was shipped. If the operator sends the form again with the
 * same carrier and tracking link, nothing changes. For a shipped order, shows the parcel instead.
 */
export function ShipForm({ order, version }: { order: OpsOrderBody; version: string }) {
  const { order_id: orderId } = order;
  const [draft, setDraft] = useState(emptyParcel);
  const { mutate, isPending, status: sent, error } = useOpsAction();
  const id = useId();
  const readOnlyReason = useReadOnlyReason();
  const isShipped = order.status === 'DISPATCHED';
  const reason = notShippableReason(order);
  const request = parcelRequest(draft);
  const ship = (close: () => void): void => {
    close();
    if (request === null) return;
    mutate({ name: 'ship', orderId, request });
  };
  return (
    <section className="ops-section" aria-labelledby={id}>
      <h2 id={id}>{isShipped ? opsTexts.ship.parcel : opsTexts.ship.title}</h2>
      {isShipped && <Parcel order={order} version={version} />}
      {!isShipped && reason === null && (
        <>
          {order.ship_to === null && <strong>{opsTexts.ship.noAddress}</strong>}
          <ParcelFields draft={draft} onDraft={setDraft} />
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
            disabled={request === null || isPending}
            disabledReason={readOnlyReason ?? reason}
            pending={isPending ? opsTexts.actions.working : null}
            onConfirm={ship}
          />
        </div>
      )}
      <Notice>{sent === 'success' ? opsTexts.ship.shipped : null}</Notice>
      <Notice tone="error">{failureText(error)}</Notice>
    </section>
  );
}

/** Why the order cannot be shipped now; null if it can. The page asks this only of orders that are not shipped yet. */
function notShippableReason(order: OpsOrderBody): string | null {
  const { fulfilment, status, captured_minor: captured, refunded_minor: refunded } = order;
  if (fulfilment !== 'manual') return opsTexts.ship.automatic;
  if (status === 'PENDING') return opsTexts.ship.notPaid;
  if (isAllReturned(order.items)) return opsTexts.ship.allReturned;
  return refunded >= captured ? opsTexts.ship.refunded : null;
}
