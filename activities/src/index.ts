import type { Store } from '@widget-store/db';
import {
  type Activities,
  type CompareInput,
  type Comparison,
  type ComparisonName,
  orderPagePath,
  returnedParameter,
} from '@widget-store/contract';
import { dispatchOrder } from './dispatchOrder';
import { throwingFailures } from './failures';
import { type PaymentGateway, refundPayment } from './gateway';
import { compareLedger } from './reconcile/compareLedger';
import { compareOrders } from './reconcile/compareOrders';
import { compareStock } from './reconcile/compareStock';
import type { Monitor, ReconcileDeps, Runs } from './reconcile/reconcileDeps';
import type { StripeGatewayOptions } from './stripe/stripeGateway';

export { GatewayError, type PaymentGateway } from './gateway';
export type { Monitor, OpenRun, Runs } from './reconcile/reconcileDeps';
export { createSandboxGateway } from './sandboxGateway';

export interface ActivitiesDeps {
  store: Store;
  gateway: PaymentGateway;
  runs: Runs;
  monitor: Monitor;
  /** The store as shoppers reach it, without a slash at its end; the gateway sends them back there. */
  publicUrl: string;
  /** Milliseconds between two ticks of a dispatch. */
  tickMs: number;
}

/** The client of Stripe. Its library takes 16 MB, so it is loaded only where it is the gateway. */
export async function openStripeGateway(options: StripeGatewayOptions): Promise<PaymentGateway> {
  const { createStripeGateway } = await import('./stripe/stripeGateway.js');
  return createStripeGateway(options);
}

/** The effects of the workflows, each ready to run twice; see `Activities` for the key of each. */
export function createActivities({ publicUrl, tickMs, ...deps }: ActivitiesDeps): Activities {
  const { store, gateway, monitor } = deps;
  return throwingFailures({
    placeOrder: (input) => store.placeOrder(input),
    markOrderPaid: (input) => store.markOrderPaid(input),
    cancelOrder: (input) => store.cancelOrder(input),
    dispatchOrder: (input) => dispatchOrder({ store, tickMs }, input),
    cancelPaidOrder: (input) => store.cancelPaidOrder(input),
    createPayment: ({ orderId, ...payment }) =>
      gateway.createPayment({ ...payment, returnUrl: `${publicUrl}${orderPagePath(orderId)}?${returnedParameter}` }),
    closePayment: ({ paymentId }) => gateway.closePayment(paymentId),
    beginRefund: (input) => store.beginRefund(input),
    refundPayment: ({ paymentId }) => refundPayment(gateway, paymentId),
    recordRefund: async (input) => {
      const { order, cause } = await store.recordRefund(input);
      if (cause !== null) monitor.refunded(cause);
      return order;
    },
    compareLedger: reporting('ledger', deps, compareLedger),
    compareOrders: reporting('orders', deps, compareOrders),
    compareStock: reporting('stock', deps, compareStock),
    endStalledRun: (run) => deps.runs.endStalled(run),
    reportRepairs: async ({ anomalies }) => monitor.repaired(anomalies),
  });
}

/** A comparison that reports what it has found once it has all of it. */
function reporting<Mark>(
  name: ComparisonName,
  deps: ReconcileDeps,
  compare: (deps: ReconcileDeps, input: CompareInput<Mark>) => Promise<Comparison<Mark>>,
): (input: CompareInput<Mark>) => Promise<Comparison<Mark>> {
  return async (input) => {
    const comparison = await compare(deps, input);
    deps.monitor.found(name, comparison);
    return comparison;
  };
}
