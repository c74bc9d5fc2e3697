import { errorText, retryingText } from '../failureTexts.js';
import { texts } from '../texts.js';
import { Confirm } from './confirm.js';
import { Notice } from './notice.js';

interface CancelOrderProps {
  /** What a cancellation means for the shopper's payment. */
  consequence: string;
  onConfirm: () => void;
  isPending: boolean;
  /** The error of the last attempt. The cancellation is retried while the store does not answer. */
  failureReason: unknown;
  /** The error after which the cancellation is not retried. */
  error: unknown;
}

/** A button that asks the shopper to confirm. The dialog shows the progress of the cancellation. */
export function CancelOrder({ consequence, onConfirm, isPending, failureReason, error }: CancelOrderProps) {
  const { button, title, confirm, dismiss, close, cancelling } = texts.cancelOrder;
  return (
    <Confirm
      buttonText={button}
      title={title}
      consequence={consequence}
      confirmText={confirm}
      // It is possible that the store has the request already, so the dialog no longer offers to keep the order.
      dismissText={isPending ? close : dismiss}
      pending={isPending ? cancelling : null}
      onConfirm={onConfirm}
    >
      <Notice tone="warning">{retryingText(failureReason)}</Notice>
      <Notice tone="error">{errorText(error)}</Notice>
    </Confirm>
  );
}
