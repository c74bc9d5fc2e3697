import { type ReactNode, useState } from 'react';
import { Button } from '../components/button.js';
import { Confirm } from '../components/confirm.js';
import { Notice } from '../components/notice.js';
import { useSettings } from '../queries.js';
import { type OpsAction, useOpsAction, useProducts, useReadOnlyReason } from './queries.js';
import { opsTexts, settlementTexts } from './texts.js';

interface ActionButtonProps {
  text: string;
  /** Null if the action is not possible now. In this case, `disabledReason` must say why. */
  action: OpsAction | null;
  kind?: 'plain' | 'danger';
  /** The confirmation dialog of an action that cannot be undone. */
  dialog?: { title: string; consequences: readonly string[]; confirmText: string };
  /** Why the action is not possible now; null if it is possible. */
  disabledReason?: string | null;
  /** What the operator has entered for the action, as one text. An error stays until the operator changes this. */
  entries?: string;
  /** Called when the operator starts the action. */
  onStart?: () => void;
  /** More content of the dialog. */
  children?: ReactNode;
}

/** A button for one action, with its result. The api decides whether it accepts the action. */
export function ActionButton({
  text,
  action,
  kind = 'plain',
  dialog,
  disabledReason = null,
  entries = '',
  onStart,
  children,
}: ActionButtonProps) {
  const { mutate, isPending, status, variables, recorded, problem } = useOpsAction();
  const [sentEntries, setSentEntries] = useState(entries);
  const readOnlyReason = useReadOnlyReason();
  const shared = {
    kind,
    disabledReason: readOnlyReason ?? disabledReason,
    pending: isPending ? opsTexts.actions.working : null,
  };
  const run = (): void => {
    if (action === null) return;
    onStart?.();
    setSentEntries(entries);
    mutate(action);
  };
  const confirm = (close: () => void): void => {
    close();
    run();
  };
  return (
    <>
      <div className="actions">
        {dialog === undefined ? (
          <Button {...shared} onPress={run}>
            {text}
          </Button>
        ) : (
          <Confirm {...shared} {...dialog} buttonText={text} dismissText={opsTexts.actions.dismiss} onConfirm={confirm}>
            {children}
          </Confirm>
        )}
      </div>
      <Notice>{status === 'success' && variables !== undefined ? successText(variables) : recorded}</Notice>
      <Notice tone="error">{entries === sentEntries ? problem : null}</Notice>
    </>
  );
}

/** The tools for demonstrations, in demo mode only. They are folded so that nobody uses them by mistake. */
export function Demonstration() {
  const isDemo = useSettings().data?.demo === true;
  // The tools load what they need only when the operator opens them.
  const [isOpen, setOpen] = useState(false);
  if (!isDemo) return null;
  return (
    <details className="ops-section" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{opsTexts.demonstration.title}</summary>
      {isOpen && (
        <div className="actions">
          <Restock />
          <Crashes />
        </div>
      )}
    </details>
  );
}

/** The api restocks its default product, which is the first one. */
function Restock() {
  const first = useProducts().data?.pages[0]?.products[0];
  if (first === undefined) return null;
  const { restock, restockDialog } = opsTexts.demonstration;
  return (
    <ActionButton text={restock(first.product)} action={{ name: 'restock' }} dialog={restockDialog(first.product)} />
  );
}

function Crashes() {
  const { crashApi, crashWorker } = opsTexts.demonstration;
  return (
    <>
      <ActionButton kind="danger" text={crashApi} action={{ name: 'crash', process: 'api' }} />
      <ActionButton kind="danger" text={crashWorker} action={{ name: 'crash', process: 'worker' }} />
    </>
  );
}

function successText({ name }: OpsAction): string {
  const { cancelled, received } = opsTexts.actions;
  const { restocked, crashed } = opsTexts.demonstration;
  const { started } = opsTexts.refund;
  return {
    cancel: cancelled,
    erase: opsTexts.buyer.done,
    refund: started,
    return: opsTexts.returns.done,
    settle: settlementTexts.outside,
    keepMoney: opsTexts.attention.kept,
    ship: opsTexts.ship.shipped,
    correctShipment: opsTexts.ship.corrected,
    redeliver: opsTexts.attention.redelivered,
    redeliverAll: opsTexts.attention.allRedelivered,
    receive: received,
    restock: restocked,
    crash: crashed,
  }[name];
}
