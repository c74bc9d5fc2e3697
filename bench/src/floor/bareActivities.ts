import { heartbeat, sleep } from '@temporalio/activity';
import {
  type Activities,
  dispatchTicks,
  type OrderState,
  paymentIdFrom,
  type PlacedOrder,
} from '@widget-store/contract';

/** The activities of the bare workflow. */
export type BareActivities = Pick<Activities, 'placeOrder' | 'markOrderPaid' | 'cancelOrder' | 'dispatchOrder'>;

export interface BareActivitiesDeps {
  /** Milliseconds between two ticks of a dispatch. */
  tickMs: number;
  /** Is told of each order that is paid or cancelled from now on. */
  onDecided: (orderId: string) => void;
}

/** They answer as ours do and touch nothing. */
export function createBareActivities({ tickMs, onDecided }: BareActivitiesDeps): BareActivities {
  return {
    placeOrder: async ({ idempotencyKey, orderId, fingerprint, requestId, paymentWindowMs }) =>
      placedOrder({ orderId, paymentId: idempotencyKey, fingerprint, requestId, paymentWindowLeftMs: paymentWindowMs }),
    markOrderPaid: async ({ orderId }) => {
      onDecided(orderId);
      return paid('PAID');
    },
    cancelOrder: async ({ orderId, reason }) => {
      onDecided(orderId);
      return { status: 'CANCELLED', paymentStatus: 'failed', cancelReason: reason, paymentId: unknownPaymentId };
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

type Known = Pick<PlacedOrder, 'orderId' | 'paymentId' | 'fingerprint' | 'requestId' | 'paymentWindowLeftMs'>;

function placedOrder(known: Known): PlacedOrder {
  return {
    ...known,
    status: 'PENDING',
    paymentStatus: 'pending',
    cancelReason: null,
    totalMinor: 9999,
    currency: 'USD',
    expiresAt: new Date(Date.now() + known.paymentWindowLeftMs).toISOString(),
  };
}

/** Without a database nobody knows it; what counts is its length. */
const unknownPaymentId = paymentIdFrom('0'.repeat(32));

function paid(status: 'PAID' | 'DISPATCHED'): OrderState {
  return { status, paymentStatus: 'paid', cancelReason: null, paymentId: unknownPaymentId };
}
