import type { OpsOrderBody } from '@widget-store/api';
import { formatMoney } from '@widget-store/contract';
import { useId, useState } from 'react';
import { Confirm } from '../components/confirm.js';
import { Notice } from '../components/notice.js';
import { randomHex } from '../randomHex.js';
import { failureCode } from '../failures.js';
import { failureText } from './failureText.js';
import { useOpsAction, useReadOnlyReason } from './queries.js';
import { emptyDraft, proposeRefund, refundableMinor, type RefundDraft } from './refundRequest.js';
import { opsTexts } from './texts.js';

/** A form to refund the rest of a payment, the price of returned units, or another amount. */
export function RefundForm({ order }: { order: OpsOrderBody }) {
  const { order_id: orderId, currency } = order;
  const [draft, setDraft] = useState(emptyDraft);
  const { mutate, isPending, status, error } = useOpsAction();
  const id = useId();
  const readOnlyReason = useReadOnlyReason();
  const isPossible = refundableMinor(order) > 0;
  const { nothingPaid, nothingLeft } = opsTexts.refund;
  const reason = isPossible ? null : order.captured_minor === 0 ? nothingPaid : nothingLeft;

  const { request } = proposeRefund(order, draft);
  const refund = (close: () => void): void => {
    close();
    if (request === null) return;
    const sent = draft.unanswered ?? { request, key: randomHex(16) };
    setDraft({ ...draft, unanswered: sent });
    mutate(
      { name: 'refund', orderId, ...sent },
      {
        onSuccess: () => setDraft(emptyDraft),
        onError: (failure) => {
          if (isAnswer(failure)) setDraft((last) => ({ ...last, unanswered: null }));
        },
      },
    );
  };
  return (
    <section className="ops-section" aria-labelledby={id}>
      <h3 id={id}>{opsTexts.refund.title}</h3>
      {isPossible && (
        <RefundFields order={order} draft={draft} onDraft={(edited) => setDraft({ ...edited, unanswered: null })} />
      )}
      <div className="actions">
        <Confirm
          kind="danger"
          buttonText={opsTexts.refund.button}
          title={opsTexts.refund.question}
          consequence={opsTexts.refund.consequence(formatMoney({ minor: request?.amount_minor ?? 0, currency }))}
          confirmText={opsTexts.refund.confirm}
          dismissText={opsTexts.actions.dismiss}
          disabled={request === null || isPending}
          disabledReason={readOnlyReason ?? reason}
          pending={isPending ? opsTexts.actions.working : null}
          onConfirm={refund}
        />
      </div>
      <Notice tone="error">{isPossible && request === null ? opsTexts.refund.impossible : null}</Notice>
      <Notice>{status === 'success' ? opsTexts.refund.started : null}</Notice>
      <Notice tone="error">{failureText(error)}</Notice>
    </section>
  );
}

/** Whether the failure proves that the store has not accepted the request. */
function isAnswer(failure: Error): boolean {
  return ['refused', 'not_found', 'not_allowed'].includes(failureCode(failure));
}

interface RefundFieldsProps {
  order: OpsOrderBody;
  draft: RefundDraft;
  onDraft: (draft: RefundDraft) => void;
}

function RefundFields({ order, draft, onDraft }: RefundFieldsProps) {
  const { currency, items, status } = order;
  const { amount, leftMinor, hasLines } = proposeRefund(order, draft);
  const changeUnits = (productId: number, units: number): void => {
    const quantities = { ...draft.quantities, [productId]: Math.max(0, Math.floor(units) || 0) };
    onDraft({ ...draft, quantities, amount: null });
  };
  return (
    <>
      <div className="ops-form">
        {items.map(({ product_id: productId, product, quantity, returned }) => (
          <label key={productId}>
            {opsTexts.refund.quantity(product, quantity - returned)}
            <input
              type="number"
              min={0}
              max={quantity - returned}
              value={draft.quantities[productId] ?? 0}
              onChange={({ target }) => changeUnits(productId, target.valueAsNumber)}
            />
          </label>
        ))}
        <label>
          {opsTexts.refund.amount(formatMoney({ minor: leftMinor, currency }))}
          <input
            inputMode="decimal"
            value={amount}
            onChange={({ target }) => onDraft({ ...draft, amount: target.value })}
          />
        </label>
        <label>
          {opsTexts.refund.reason}
          <input
            value={draft.reason}
            maxLength={500}
            onChange={({ target }) => onDraft({ ...draft, reason: target.value })}
          />
        </label>
      </div>
      {hasLines && status !== 'CANCELLED' && (
        <label>
          <input
            type="checkbox"
            checked={draft.restocks}
            onChange={({ target }) => onDraft({ ...draft, restocks: target.checked })}
          />{' '}
          {opsTexts.refund.restock}
        </label>
      )}
    </>
  );
}
