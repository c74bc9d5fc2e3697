import { errorText, retryingText } from '../failureTexts.js';
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
  const { button, title, confirm, dismiss, close, cancelling } = texts.cancelOrder;
  return (
    <Confirm
      buttonText={button}
      title={title}
      consequence={consequence}
      confirmText={confirm}
      // The request may have arrived although no answer came back, so the shopper can no longer keep the order.
      dismissText={isPending ? close : dismiss}
      pending={isPending ? cancelling : null}
      onConfirm={onConfirm}
    >
      <Notice tone="warning">{retryingText(failureReason)}</Notice>
      <Notice tone="error">{errorText(error)}</Notice>
    </Confirm>
  );
}
