import type { OpsOrderBody } from '@widget-store/api';
import { decimalAmount, formatMoney } from '@widget-store/contract';
import { useEffect, useId, useRef, useState } from 'react';
import { Button } from '../components/button.js';
import { Confirm } from '../components/confirm.js';
import { Notice } from '../components/notice.js';
import { randomHex } from '../randomHex.js';
import { failureCode } from '../failures.js';
import { PieceFields } from './pieceFields.js';
import { useOpsAction, useReadOnlyReason } from './queries.js';
import { emptyDraft, notRefundableReason, proposeRefund, type RefundDraft, refundQuestion } from './refundRequest.js';
import { opsTexts } from './texts.js';

/** A form to refund a part of a payment, or all that is left of it, and to put returned units back into stock. */
export function RefundForm({ order }: { order: OpsOrderBody }) {
  const { order_id: orderId, currency } = order;
  const [draft, setDraft] = useState(emptyDraft);
  const [refundsBefore, setRefundsBefore] = useState(0);
  const { mutate, reset, isPending, status, recorded, problem } = useOpsAction();
  const id = useId();
  const readOnlyReason = useReadOnlyReason();
  const actions = useRef<HTMLDivElement>(null);
  const reason = notRefundableReason(order);
  const isPossible = reason === null;

  // The new refund appears above the form, and its entry can grow. This can move the button and the result out of the
  // screen.
  useEffect(() => {
    if (status === 'success' || status === 'error') actions.current?.scrollIntoView({ block: 'center' });
  }, [status]);

  // The last refund is the newest. It is the refund of this form only after the page has read the order again.
  const made = order.refunds.length > refundsBefore ? order.refunds.at(-1) : undefined;
  const hasFailed = made?.status === 'failed';
  const result = made?.status === 'succeeded' ? opsTexts.refund.succeeded : opsTexts.refund.started;
  const edit = (edited: RefundDraft): void => {
    setDraft({ ...edited, unanswered: null });
    // The result belongs to the entries that were sent.
    if (!isPending) reset();
  };
  const { request, amount } = proposeRefund(order, draft);
  const refund = (close: () => void): void => {
    close();
    if (request === null) return;
    const sent = draft.unanswered ?? { request, key: randomHex(16) };
    setDraft({ ...draft, unanswered: sent });
    setRefundsBefore(order.refunds.length);
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
  // For a cancelled order of which nothing can be refunded, the page has a sentence instead of the form. But a result
  // of the form must stay visible.
  if (order.status === 'CANCELLED' && !isPossible && status === 'idle') return null;
  return (
    <section className="ops-section" aria-labelledby={id}>
      <h3 id={id}>{opsTexts.refund.title}</h3>
      {isPossible && <RefundFields order={order} draft={draft} onDraft={edit} />}
      <div ref={actions} className="actions">
        <Confirm
          kind="danger"
          buttonText={
            request === null
              ? opsTexts.refund.button
              : opsTexts.refund.buttonOf(formatMoney({ minor: request.amount_minor, currency }))
          }
          {...refundQuestion(order, request)}
          confirmText={opsTexts.refund.confirm}
          dismissText={opsTexts.actions.dismiss}
          disabled={request === null || isPending}
          disabledReason={readOnlyReason ?? reason}
          pending={isPending ? opsTexts.actions.working : null}
          onConfirm={refund}
        />
        <Notice tone="error">
          {isPossible && amount !== '' && request === null ? opsTexts.refund.impossible : null}
        </Notice>
        <Notice>{status === 'success' && !hasFailed ? result : recorded}</Notice>
        <Notice tone="error">{status === 'success' && hasFailed ? opsTexts.refund.failed : null}</Notice>
        <Notice tone="error">{problem}</Notice>
      </div>
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
  const { currency } = order;
  const { amount, leftMinor, returnable } = proposeRefund(order, draft);
  const left = formatMoney({ minor: leftMinor, currency });
  return (
    <div className="ops-form">
      <PieceFields
        items={returnable}
        quantities={draft.quantities}
        label={opsTexts.refund.quantity}
        onChange={(quantities) => onDraft({ ...draft, quantities })}
      />
      <label>
        {opsTexts.refund.amount(left)}
        <input
          inputMode="decimal"
          value={amount}
          onChange={({ target }) => onDraft({ ...draft, amount: target.value })}
        />
      </label>
      <Button onPress={() => onDraft({ ...draft, amount: decimalAmount({ minor: leftMinor, currency }) })}>
        {opsTexts.refund.fillIn(left)}
      </Button>
      <label>
        {opsTexts.refund.reason}
        <input
          value={draft.reason}
          maxLength={500}
          onChange={({ target }) => onDraft({ ...draft, reason: target.value })}
        />
      </label>
    </div>
  );
}
