import { finalText, waitingText } from '../failureTexts.js';
import { texts } from '../texts.js';
import { Confirm } from './confirm.js';
import { Notice } from './notice.js';

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

/** Asks the shopper, and says in the dialog how it goes. */
export function CancelOrder({ consequence, onConfirm, isPending, failureReason, error }: CancelOrderProps) {
  const { ask, title, confirm, keep, close, cancelling } = texts.cancelOrder;
  return (
    <Confirm
      ask={ask}
      title={title}
      consequence={consequence}
      yes={confirm}
      // A request may have arrived although no answer came back: what was begun cannot be taken back here.
      no={isPending ? close : keep}
      pending={isPending ? cancelling : null}
      onConfirm={onConfirm}
    >
      <Notice tone="warning">{waitingText(failureReason)}</Notice>
      <Notice tone="error">{finalText(error)}</Notice>
    </Confirm>
  );
}
