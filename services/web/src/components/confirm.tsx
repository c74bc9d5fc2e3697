import { useEffect, useId, useRef } from 'react';
import type { ReactNode } from 'react';
import { Button } from './button.js';
import { focusHeading } from './page.js';

interface ConfirmProps {
  /** What the button says that asks. */
  ask: string;
  title: string;
  /** What follows from a yes. */
  consequence: string;
  yes: string;
  no: string;
  /** How the first button looks, which only asks. */
  kind?: 'plain' | 'danger';
  /** Shown on both buttons while what was confirmed is carried out. */
  pending?: string | null;
  disabled?: boolean;
  onConfirm: (close: () => void) => void;
  /** What became of it, where the dialog stays open meanwhile. */
  children?: ReactNode;
}

/** A button, and the question whether that was meant. The browser's own dialog keeps the focus in and gives it back. */
export function Confirm(props: ConfirmProps) {
  const { ask, title, consequence, yes, no, kind = 'plain', pending = null, disabled, onConfirm, children } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const close = (): void => dialog.current?.close();

  // It goes with the last chance to do this; whoever was in the dialog begins again at the heading.
  useEffect(() => {
    const element = dialog.current;
    return () => {
      if (element?.open === true) focusHeading();
    };
  }, []);

  return (
    <>
      <Button kind={kind} pending={pending} disabled={disabled ?? false} onPress={() => dialog.current?.showModal()}>
        {ask}
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
        <h2 id={`${id}-title`}>{title}</h2>
        <p id={`${id}-text`}>{consequence}</p>
        {children}
        <div className="actions">
          <Button onPress={close}>{no}</Button>
          <Button kind="danger" pending={pending} onPress={() => onConfirm(close)}>
            {yes}
          </Button>
        </div>
      </dialog>
    </>
  );
}
