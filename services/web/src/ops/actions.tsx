import type { OpsOrderBody } from '@widget-store/api';
import { Button } from '../components/button.js';
import { Confirm } from '../components/confirm.js';
import { Notice } from '../components/notice.js';
import { failureCode, failureDetail, isRetryable } from '../failures.js';
import { useSettings } from '../queries.js';
import { texts } from '../texts.js';
import { type OpsAction, useOpsAction } from './queries.js';
import { opsTexts } from './texts.js';

/** The actions for an order. A button is shown if the order's status allows the action. The api decides whether it accepts it. */
export function OrderActions({ order }: { order: OpsOrderBody }) {
  const { order_id: orderId, status, payment_id: paymentId } = order;
  const cancellable = status === 'PENDING' || status === 'PAID';
  const refundable = status === 'CANCELLED' && paymentId !== null;
  const { cancel, cancelDialog, refund, refundDialog } = opsTexts.actions;
  return (
    <Actions
      buttons={[
        ...(cancellable ? [{ text: cancel, action: { name: 'cancel', orderId }, dialog: cancelDialog } as const] : []),
        ...(refundable ? [{ text: refund, action: { name: 'refund', orderId }, dialog: refundDialog } as const] : []),
      ]}
    />
  );
}

export function StoreActions() {
  // The crash routes exist in demo mode only.
  const isDemo = useSettings().data?.demo === true;
  return (
    <Actions
      buttons={[{ text: opsTexts.actions.restock, action: { name: 'restock' } }, ...(isDemo ? crashButtons : [])]}
    />
  );
}

const crashButtons: ActionButton[] = [
  { text: opsTexts.actions.crashApi, action: { name: 'crash', process: 'api' } },
  { text: opsTexts.actions.crashWorker, action: { name: 'crash', process: 'worker' } },
];

interface ActionButton {
  text: string;
  action: OpsAction;
  /** The confirmation dialog of an action that cannot be undone. */
  dialog?: { title: string; consequence: string; confirmText: string };
}

function Actions({ buttons }: { buttons: ActionButton[] }) {
  const { mutate, isPending, variables, status, error } = useOpsAction();
  return (
    <section aria-label={opsTexts.actions.title} className="ops-section">
      <div className="actions">
        {buttons.map(({ text, action, dialog }) => {
          const kind = action.name === 'restock' ? 'plain' : 'danger';
          const pending = isPending && variables === action ? opsTexts.actions.working : null;
          const buttonProps = { kind, disabled: isPending, pending } as const;
          if (dialog === undefined) {
            return (
              <Button key={text} {...buttonProps} onPress={() => mutate(action)}>
                {text}
              </Button>
            );
          }
          const onConfirm = (close: () => void): void => {
            close();
            mutate(action);
          };
          return (
            <Confirm
              key={text}
              {...buttonProps}
              buttonText={text}
              {...dialog}
              dismissText={opsTexts.actions.dismiss}
              onConfirm={onConfirm}
            />
          );
        })}
      </div>
      <Notice>{status === 'success' ? successText(variables) : null}</Notice>
      <Notice tone="error">{failureText(error)}</Notice>
    </section>
  );
}

function successText({ name }: OpsAction): string {
  const { cancelled, refunded, restocked, crashed } = opsTexts.actions;
  return { cancel: cancelled, refund: refunded, restock: restocked, crash: crashed }[name];
}

function failureText(error: unknown): string | null {
  if (error === null) return null;
  switch (failureCode(error)) {
    case 'not_allowed':
      return opsTexts.token.wrong;
    case 'not_found':
      return opsTexts.order.unknown;
    default:
      return failureDetail(error) ?? (isRetryable(error) ? opsTexts.actions.noAnswer : texts.unexpected);
  }
}
