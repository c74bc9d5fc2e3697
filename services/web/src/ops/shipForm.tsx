import { useId, useState } from 'react';
import { Link } from 'wouter';
import { Confirm } from '../components/confirm.js';
import { Notice } from '../components/notice.js';
import { opsOrderPath } from './paths.js';
import type { OrderReport } from './api.js';
import { useLeaveGuard } from './leaveGuard.js';
import { notShippableReason, shipWarning } from './nextSteps.js';
import type { ShipRequest } from './orderApi.js';
import { Parcel } from './parcel.js';
import { emptyParcel, isEmpty, type ParcelDraft, ParcelFields, parcelRequest } from './parcelFields.js';
import { useNextToShip, useOpsAction, useReadOnlyReason } from './queries.js';
import { opsTexts } from './texts.js';

/**
 * A form to record that a paid order with manual fulfilment was shipped. If the operator sends the form again with the
 * same carrier and tracking link, nothing changes. For a shipped order, shows the parcel instead.
 */
export function ShipForm({ report }: { report: OrderReport }) {
  const { order, version } = report;
  const { order_id: orderId } = order;
  const [draft, setDraft] = useState(emptyParcel);
  const { mutate, reset, isPending, status: sent, problem } = useOpsAction();
  const id = useId();
  const readOnlyReason = useReadOnlyReason();
  const isShipped = order.status === 'DISPATCHED';
  useLeaveGuard(!isShipped && sent !== 'success' && !isEmpty(draft));
  const reason = notShippableReason(report);
  const request = parcelRequest(draft);
  const edit = (edited: ParcelDraft): void => {
    setDraft(edited);
    // The error belongs to the entries that were sent.
    if (!isPending) reset();
  };
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
          <ParcelFields draft={draft} onDraft={edit} />
        </>
      )}
      {!isShipped && (
        <div className="actions">
          <Confirm
            kind="primary"
            buttonText={opsTexts.ship.button}
            title={opsTexts.ship.question}
            consequences={shipConsequences(report, request ?? {})}
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
      {sent === 'success' && <NextToShip orderId={orderId} />}
      <Notice tone="error">{problem}</Notice>
    </section>
  );
}

/** A link to the next order to ship, for an operator who has just shipped this one. */
function NextToShip({ orderId }: { orderId: string }) {
  const { data: next } = useNextToShip(orderId);
  if (next === undefined) return null;
  if (next === null) return <p>{opsTexts.ship.noNext}</p>;
  return (
    <div className="actions">
      <Link href={opsOrderPath(next.order_id)} className="button button-primary">
        {opsTexts.ship.next(next.order_number)}
      </Link>
    </div>
  );
}

/** What the operator is about to record. If the order should not be shipped, a warning comes first. */
function shipConsequences(report: OrderReport, request: ShipRequest): string[] {
  const { order } = report;
  const { consequences, subject, parcelFacts } = opsTexts.ship;
  const warning = shipWarning(report);
  return [
    ...(warning === null ? [] : [warning]),
    subject(order.order_number, order.ship_to?.name ?? null),
    ...parcelFacts(request.carrier ?? null, request.tracking_url ?? null),
    ...consequences,
  ];
}
