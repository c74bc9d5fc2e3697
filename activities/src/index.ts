import type { Store } from '@widget-store/db';
import type { Activities } from '@widget-store/workflows/contract';
import { dispatchOrder } from './dispatchOrder';
import { throwingFailures } from './failures';
import { type PaymentGateway, refundPayment } from './gateway';

export type { PaymentGateway } from './gateway';
export { createSandboxGateway } from './sandboxGateway';

export interface ActivitiesDeps {
  store: Store;
  gateway: PaymentGateway;
  /** The store as shoppers reach it, without a slash at its end; the gateway sends them back there. */
  publicUrl: string;
  /** Milliseconds between two ticks of a dispatch. */
  tickMs: number;
}

/** The effects of the workflows, each ready to run twice; see `Activities` for the key of each. */
export function createActivities({ store, gateway, publicUrl, tickMs }: ActivitiesDeps): Activities {
  return throwingFailures({
    placeOrder: (input) => store.placeOrder(input),
    markOrderPaid: (input) => store.markOrderPaid(input),
    cancelOrder: (input) => store.cancelOrder(input),
    dispatchOrder: (input) => dispatchOrder({ store, tickMs }, input),
    cancelPaidOrder: (input) => store.cancelPaidOrder(input),
    createPayment: ({ orderId, ...payment }) =>
      gateway.createPayment({ ...payment, returnUrl: `${publicUrl}/shop/order/${orderId}?returned` }),
    getPayment: ({ paymentId }) => gateway.getPayment(paymentId),
    beginRefund: (input) => store.beginRefund(input),
    refundPayment: ({ paymentId }) => refundPayment(gateway, paymentId),
    recordRefund: (input) => store.recordRefund(input),
  });
}
