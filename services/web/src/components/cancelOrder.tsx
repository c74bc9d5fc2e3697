import { errorText, retryingText } from '../failureTexts.js';
import { texts } from '../texts.js';
import { Confirm } from './confirm.js';
import { Notice } from './notice.js';

interface CancelOrderProps {
  /** What a cancellation means for the parcel and for the shopper's payment. */
  consequences: readonly string[];
  onConfirm: () => void;
  isPending: boolean;
  /** The error of the last attempt. If the error is retryable, the cancellation is tried again. */
  failureReason: unknown;
  /** The error that ended the retries. */
  error: unknown;
}

/**
 * A button that cancels the order after the shopper has confirmed. The dialog shows the progress of the cancellation.
 */
export function CancelOrder({ consequences, onConfirm, isPending, failureReason, error }: CancelOrderProps) {
  const { button, title, confirm, dismiss, close, cancelling } = texts.cancelOrder;
  return (
    <Confirm
      buttonText={button}
      title={title}
      consequences={consequences}
      confirmText={confirm}
      // The store has possibly received the request already, so the dialog no longer offers to keep the order.
      dismissText={isPending ? close : dismiss}
      pending={isPending ? cancelling : null}
      onConfirm={onConfirm}
    >
      <Notice tone="warning">{retryingText(failureReason)}</Notice>
      <Notice tone="error">{errorText(error)}</Notice>
    </Confirm>
  );
}
