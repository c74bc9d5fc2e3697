import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.js';
import { focusHeading } from './page.js';

interface ConfirmProps {
  /** The text of the button that opens the dialog. */
  buttonText: string;
  title: string;
  /** What happens if the user confirms, a paragraph each. */
  consequences: readonly string[];
  confirmText: string;
  dismissText: string;
  /** Whether the dialog opens before the action. False if the action needs no confirmation at the moment. */
  asks?: boolean;
  /** The look of the button that opens the dialog. The button that confirms is red unless this look is `primary`. */
  kind?: 'plain' | 'primary' | 'danger';
  /** While the action runs, both the button that opens the dialog and the one that confirms have this text. */
  pending?: string | null;
  disabled?: boolean;
  /** Why the button that opens the dialog is disabled. */
  disabledReason?: string | null;
  onConfirm: (close: () => void) => void;
  /** More content of the dialog: the progress of the action, if the dialog stays open while the action runs. */
  children?: ReactNode;
}

/**
 * A button with a confirmation dialog. While the native dialog is open, the browser keeps the focus in it. When the
 * dialog closes, the browser returns the focus to the button.
 */
export function Confirm(props: ConfirmProps) {
  const { buttonText, title, consequences, confirmText, dismissText, onConfirm, children } = props;
  const { asks = true, kind = 'plain', pending = null, disabled = false, disabledReason = null } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const close = (): void => dialog.current?.close();

  // The component unmounts when the action is no longer possible. If the dialog is open at that moment, the button that
  // opened it is gone too, so the page's heading gets the focus.
  useEffect(() => {
    const element = dialog.current;
    return () => {
      if (element?.open === true) focusHeading();
    };
  }, []);

  return (
    <>
      <Button
        kind={kind}
        pending={pending}
        disabled={disabled}
        disabledReason={disabledReason}
        onPress={() => (asks ? dialog.current?.showModal() : onConfirm(close))}
      >
        {buttonText}
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
        <h2 id={`${id}-title`}>{title}</h2>
        <div id={`${id}-text`} className="dialog-text">
          {consequences.map((consequence) => (
            <p key={consequence}>{consequence}</p>
          ))}
        </div>
        {children}
        <div className="actions">
          <Button onPress={close}>{dismissText}</Button>
          <Button kind={kind === 'primary' ? 'primary' : 'danger'} pending={pending} onPress={() => onConfirm(close)}>
            {confirmText}
          </Button>
        </div>
      </dialog>
    </>
  );
}
