import type { OpsOrderBody, OrderRunBody } from '@widget-store/api';
import { formatMoney, refundWorkflowId, settlements } from '@widget-store/contract';
import { useState } from 'react';
import { Time } from '../components/orderSummary.js';
import { ActionButton } from './actions.js';
import { notRefundableReason, refundAgain, refundQuestion } from './refundRequest.js';
import { opsTexts, refundSourceTexts, refundStatusTexts, settlementTexts } from './texts.js';
import { TextField } from './textField.js';

type Refund = OpsOrderBody['refunds'][number];

interface RefundsProps {
  order: OpsOrderBody;
  runs: OrderRunBody[];
}

/** The refunds of an order, each with its status, source, reason and workflow run. */
export function Refunds({ order, runs }: RefundsProps) {
  const { refunds } = order;
  if (refunds.length === 0) return null;
  return (
    <section className="ops-section" aria-labelledby="ops-refunds">
      <h3 id="ops-refunds">{opsTexts.refund.refunds}</h3>
      <ul className="ops-entries">
        {refunds.map((refund) => (
          <RefundEntry key={refund.refund_id} order={order} refund={refund} runs={runs} />
        ))}
      </ul>
    </section>
  );
}

function RefundEntry({ order, refund, runs }: RefundsProps & { refund: Refund }) {
  const { refund_id: refundId, amount_minor: minor, status, source, reason, settled_by: settledBy } = refund;
  const { gateway_refund_id: gatewayId } = refund;
  const url = runs.find(({ workflow_id: id }) => id === refundWorkflowId(refundId))?.url ?? null;
  return (
    <li>
      <p>
        <strong>{formatMoney({ minor, currency: order.currency })}</strong>{' '}
        <span className={`pill pill-refund-${status}`}>{refundStatusTexts[status]}</span>{' '}
        {opsTexts.refund.askedBy(refund.requested_by ?? refundSourceTexts[source])}
        {reason !== null && `: ${reason}`}
      </p>
      <p className="small">
        <Time iso={refund.created_at} />
        {gatewayId !== null && <span className="id"> {gatewayId}</span>}
        {url !== null && (
          <>
            {' '}
            <a href={url} className="ops-short" rel="noreferrer" target="_blank">
              {opsTexts.refund.run}
            </a>
          </>
        )}
      </p>
      {settledBy !== null && <p className="small">{settlementText(settledBy)}</p>}
      {status === 'failed' && settledBy === null && <FailedRefund order={order} refund={refund} />}
    </li>
  );
}

/**
 * The buttons for a failed refund that needs an operator. One makes the refund again, and the other records that the
 * shopper was paid in another way.
 */
function FailedRefund({ order, refund }: { order: OpsOrderBody; refund: Refund }) {
  const { order_id: orderId, order_number: number, currency } = order;
  const { refund_id: refundId, amount_minor: failedMinor } = refund;
  const again = refundAgain(order, refund);
  const failed = formatMoney({ minor: failedMinor, currency });
  const [note, setNote] = useState('');
  const { outsideDialog, outsideNote, confirm, ...buttons } = opsTexts.refund;
  return (
    <div className="actions">
      <ActionButton
        kind="danger"
        text={buttons.again}
        action={again === null ? null : { name: 'refund', orderId, ...again }}
        dialog={{ ...refundQuestion(order, again?.request ?? null), confirmText: confirm }}
        disabledReason={again === null ? notRefundableReason(order) : null}
      />
      <ActionButton
        kind="danger"
        text={buttons.outside}
        action={{ name: 'settle', orderId, refundId, note: note.trim() }}
        dialog={outsideDialog(failed, number)}
      >
        <div className="ops-form">
          <TextField label={outsideNote} value={note} maxLength={500} onEdit={setNote} />
        </div>
      </ActionButton>
    </div>
  );
}

function settlementText(settledBy: string): string {
  return isSettlement(settledBy) ? settlementTexts[settledBy] : settlementTexts.replaced;
}

function isSettlement(settledBy: string): settledBy is keyof typeof settlements {
  return Object.hasOwn(settlements, settledBy);
}
