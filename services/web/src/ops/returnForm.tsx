import type { OpsOrderBody } from '@widget-store/api';
import { useState } from 'react';
import { Notice } from '../components/notice.js';
import { randomHex } from '../randomHex.js';
import { ActionButton } from './actions.js';
import { PieceFields } from './pieceFields.js';
import { refundableMinor, returnableItems } from './refundRequest.js';
import { proposeReturn, type ReturnDraft, returnedPieces } from './returnRequest.js';
import { opsTexts } from './texts.js';

const emptyDraft: ReturnDraft = { quantities: {}, reason: '' };

/**
 * A form to put pieces of an order back into stock without a refund. It is folded while money is left to refund, because
 * most pieces come back with their refund.
 */
export function ReturnForm({ order }: { order: OpsOrderBody }) {
  const { order_id: orderId } = order;
  const [bookedOrderId, setBookedOrderId] = useState<string | null>(null);
  const items = returnableItems(order);
  // When pieces have come back, the form begins again, with another idempotency key.
  const left = items.map((item) => `${item.product_id}:${item.quantity - item.returned}`).join();
  const [edit, setEdit] = useState({ left, draft: emptyDraft, key: randomHex(16) });
  const current = edit.left === left ? edit : { left, draft: emptyDraft, key: randomHex(16) };
  const { draft, key } = current;
  const change = (part: Partial<ReturnDraft>): void => setEdit({ ...current, draft: { ...draft, ...part } });
  // The form disappears with the last piece, so the result is shown instead of it.
  if (items.length === 0) return <Notice>{bookedOrderId === orderId ? opsTexts.returns.done : null}</Notice>;
  const request = proposeReturn(order, draft);
  const { title, pieces, reason, button, dialog, impossible } = opsTexts.returns;
  return (
    <details className="ops-section" open={refundableMinor(order) === 0}>
      <summary>{title}</summary>
      <div className="ops-form">
        <PieceFields
          items={items}
          quantities={draft.quantities}
          label={pieces}
          onChange={(quantities) => change({ quantities })}
        />
        <label>
          {reason}
          <input value={draft.reason} maxLength={500} onChange={({ target }) => change({ reason: target.value })} />
        </label>
      </div>
      <ActionButton
        text={button}
        action={request === null ? null : { name: 'return', orderId, request, key }}
        dialog={dialog(returnedPieces(order, request))}
        disabledReason={request === null ? impossible : null}
        entries={JSON.stringify(edit.draft)}
        onStart={() => setBookedOrderId(orderId)}
      />
    </details>
  );
}
