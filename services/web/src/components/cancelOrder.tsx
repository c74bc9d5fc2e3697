import { useEffect, useId, useRef } from 'react';
import { finalText, waitingText } from '../failureTexts.js';
import { texts } from '../texts.js';
import { Button } from './button.js';
import { Notice } from './notice.js';
import { focusHeading } from './page.js';

interface CancelOrderProps {
  /** What cancelling means for the shopper's money. */
  consequence: string;
  onConfirm: () => void;
  isPending: boolean;
  /** Why the last attempt failed; it goes on by itself when the store was only away. */
  failureReason: unknown;
  /** Why it was given up. */
  error: unknown;
}

/** A button, and the question whether that was meant. The browser's own dialog keeps the focus in and gives it back. */
export function CancelOrder({ consequence, onConfirm, isPending, failureReason, error }: CancelOrderProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  const id = useId();
  const pending = isPending ? texts.cancelOrder.cancelling : null;

  // It goes with the order's last chance to be cancelled; whoever was in the dialog begins again at the heading.
  useEffect(() => {
    const element = dialog.current;
    return () => {
      if (element?.open === true) focusHeading();
    };
  }, []);

  return (
    <>
      <Button pending={pending} onPress={() => dialog.current?.showModal()}>
        {texts.cancelOrder.ask}
      </Button>
      <dialog ref={dialog} className="dialog" aria-labelledby={`${id}-title`} aria-describedby={`${id}-text`}>
        <h2 id={`${id}-title`}>{texts.cancelOrder.title}</h2>
        <p id={`${id}-text`}>{consequence}</p>
        <Notice tone="warning">{waitingText(failureReason)}</Notice>
        <Notice tone="error">{finalText(error)}</Notice>
        <div className="actions">
          {/* A request may have arrived although no answer came back: what was begun cannot be taken back here. */}
          <Button onPress={() => dialog.current?.close()}>
            {isPending ? texts.cancelOrder.close : texts.cancelOrder.keep}
          </Button>
          <Button kind="danger" pending={pending} onPress={onConfirm}>
            {texts.cancelOrder.confirm}
          </Button>
        </div>
      </dialog>
    </>
  );
}
