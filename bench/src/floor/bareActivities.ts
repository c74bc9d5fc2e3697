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
      shippingCountries: null,
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
 * The payment id in every `OrderState`, because no database keeps the id of each order. It is as long as a real one.
 */
const paymentId = paymentIdFrom('0'.repeat(32));

function paid(status: 'PAID' | 'DISPATCHED'): OrderState {
  return { status, paymentStatus: 'paid', cancelReason: null, paymentId };
}
