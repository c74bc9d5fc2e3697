import { heartbeat, sleep } from '@temporalio/activity';
import { type Activities, dispatchTicks, type OrderState, paymentIdFrom } from '@widget-store/contract';

/** The activities of the bare workflow. */
export type BareActivities = Pick<Activities, 'placeOrder' | 'markOrderPaid' | 'cancelOrder' | 'dispatchOrder'>;

export interface BareActivitiesDeps {
  /** Milliseconds between two ticks of a dispatch. */
  tickMs: number;
  /** Called with each order that is paid or cancelled. */
  onDecided: (orderId: string) => void;
}

/** Activities that answer as ours do and do no work. */
export function createBareActivities({ tickMs, onDecided }: BareActivitiesDeps): BareActivities {
  return {
    placeOrder: async ({ idempotencyKey, orderId, fingerprint, requestId, paymentWindowMs }) => ({
      orderId,
      paymentId: idempotencyKey,
      fingerprint,
      requestId,
      status: 'PENDING',
      paymentStatus: 'pending',
      cancelReason: null,
      totalMinor: 9999,
      currency: 'USD',
      expiresAt: new Date(Date.now() + paymentWindowMs).toISOString(),
      paymentWindowLeftMs: paymentWindowMs,
    }),
    markOrderPaid: async ({ orderId }) => {
      onDecided(orderId);
      return paid('PAID');
    },
    cancelOrder: async ({ orderId, reason }) => {
      onDecided(orderId);
      return { status: 'CANCELLED', paymentStatus: 'failed', cancelReason: reason, paymentId };
    },
    dispatchOrder: async () => {
      for (let remaining = dispatchTicks; remaining > 0; remaining--) {
        heartbeat(remaining);
        await sleep(tickMs);
      }
      return paid('DISPATCHED');
    },
  };
}

/** Stands for the order's own id, which no database keeps here. It has the same length. */
const paymentId = paymentIdFrom('0'.repeat(32));

function paid(status: 'PAID' | 'DISPATCHED'): OrderState {
  return { status, paymentStatus: 'paid', cancelReason: null, paymentId };
}
