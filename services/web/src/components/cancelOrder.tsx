import { finalText, waitingText } from '../failureTexts.js';
import { texts } from '../texts.js';
import { Confirm } from './confirm.js';
import { Notice } from './notice.js';

interface CancelOrderProps {
  /** What cancelling does to the shopper's payment. */
  consequence: string;
  onConfirm: () => void;
  isPending: boolean;
  /** Why the last attempt failed. It is retried while the store is away. */
  failureReason: unknown;
  /** Why the cancellation failed for good. */
  error: unknown;
}

/** Asks the shopper to confirm, and shows the progress in the dialog. */
export function CancelOrder({ consequence, onConfirm, isPending, failureReason, error }: CancelOrderProps) {
  const { ask, title, confirm, keep, close, cancelling } = texts.cancelOrder;
  return (
    <Confirm
      ask={ask}
      title={title}
      consequence={consequence}
      yes={confirm}
      // The request may have arrived although no answer came back, so the shopper can no longer keep the order.
      no={isPending ? close : keep}
      pending={isPending ? cancelling : null}
      onConfirm={onConfirm}
    >
      <Notice tone="warning">{waitingText(failureReason)}</Notice>
      <Notice tone="error">{finalText(error)}</Notice>
    </Confirm>
  );
}
