import { heartbeat, sleep } from '@temporalio/activity';
import { type Activities, dispatchTicks, type OrderState, paymentIdFrom } from '@widget-store/contract';

export type BareActivities = Pick<Activities, 'placeOrder' | 'markOrderPaid' | 'cancelOrder' | 'dispatchOrder'>;

export interface BareActivitiesDeps {
  tickMs: number;
  /** Called with each order that is paid or cancelled. */
  onDecided: (orderId: string) => void;
}

/** Returns activities that give the same results as our store's activities, but access no database and no gateway. */
export function createBareActivities({ tickMs, onDecided }: BareActivitiesDeps): BareActivities {
  return {
    placeOrder: async ({ idempotencyKey, orderId, fingerprint, requestId, paymentWindowMs }) => ({
      orderId,
      // With this payment id, the api finds the run of a webhook without a database.
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

/**
 * The payment id in every `OrderState`. All orders share it, because no database keeps the payment id of each order. It
 * is as long as a real payment id.
 */
const paymentId = paymentIdFrom('0'.repeat(32));

function paid(status: 'PAID' | 'DISPATCHED'): OrderState {
  return { status, paymentStatus: 'paid', cancelReason: null, paymentId };
}
