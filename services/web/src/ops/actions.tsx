import type { OpsOrderBody } from '@widget-store/api';
import { Button } from '../components/button.js';
import { Confirm } from '../components/confirm.js';
import { Notice } from '../components/notice.js';
import { useSettings } from '../queries.js';
import { failureText } from './failureText.js';
import { type OpsAction, useOpsAction } from './queries.js';
import { opsTexts, settlementTexts } from './texts.js';

/**
 * The actions for an order. A button is shown if the order's status allows the action. The api decides whether it
 * accepts the action.
 */
export function OrderActions({ order }: { order: OpsOrderBody }) {
  const { order_id: orderId, status } = order;
  const cancellable = status === 'PENDING' || status === 'PAID';
  const { cancel, cancelDialog } = opsTexts.actions;
  return (
    <Actions
      buttons={cancellable ? [{ text: cancel, action: { name: 'cancel', orderId }, dialog: cancelDialog }] : []}
    />
  );
}

export function BuyerActions({ orderId }: { orderId: string }) {
  const { erase, eraseDialog } = opsTexts.buyer;
  return <Actions label={erase} buttons={[{ text: erase, action: { name: 'erase', orderId }, dialog: eraseDialog }]} />;
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

function Actions({ buttons, label = opsTexts.actions.title }: { buttons: ActionButton[]; label?: string }) {
  const { mutate, isPending, variables, status, error } = useOpsAction();
  return (
    <section aria-label={label} className="ops-section">
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
  const { cancelled, restocked, crashed } = opsTexts.actions;
  const { started } = opsTexts.refund;
  return {
    cancel: cancelled,
    erase: opsTexts.buyer.done,
    refund: started,
    settle: settlementTexts.outside,
    ship: opsTexts.ship.shipped,
    redeliver: opsTexts.attention.redelivered,
    restock: restocked,
    crash: crashed,
  }[name];
}
