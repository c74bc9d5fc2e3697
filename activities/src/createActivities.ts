import {
  type Activities,
  type CompareInput,
  type Comparison,
  type ComparisonName,
  type DecideAdjustments,
  type Fulfilment,
  orderPagePath,
  paymentPageWaits,
  returnedParameter,
} from '@widget-store/contract';
import { dispatchOrder } from './dispatchOrder';
import { withApplicationFailures } from './failures';
import { withHeartbeats } from './heartbeats';
import { paymentItems } from './paymentItems';
import { compareLedger } from './reconcile/compareLedger';
import { compareOrders } from './reconcile/compareOrders';
import { compareStock } from './reconcile/compareStock';
import type { ReconcileDeps } from './reconcile/deps';
import { makeRefund } from './refundPayment';
import { syncPayment } from './syncPayment';

/** The part of the worker's settings that the activities read. */
export interface ActivitySettings {
  /** The front end's address, without a slash at its end. The gateway sends shoppers back to this address. */
  storefrontUrl: string;
  fulfilment: Fulfilment;
  /** The ISO 3166-1 countries to which new orders can be shipped. Null if the store does not ask for an address. */
  shippingCountries: string[] | null;
}

export interface ActivitiesDeps extends ReconcileDeps {
  settings: ActivitySettings;
  /** The time between two ticks of a dispatch, in milliseconds. */
  tickMs: number;
  /** Decides the adjustments of new orders. By default, orders have none. */
  decideAdjustments?: DecideAdjustments | null;
}

/**
 * Creates the activities of the store. Each activity can safely run twice. The comments of the interface `Activities`
 * name the keys that prevent a second effect.
 */
export function createActivities({ settings, tickMs, ...deps }: ActivitiesDeps): Activities {
  const { store, gateway, runs, monitor, decideAdjustments } = deps;
  const { storefrontUrl, fulfilment, shippingCountries } = settings;
  const activities: Activities = {
    placeOrder: (input) => store.placeOrder({ ...input, fulfilment, shippingCountries, decideAdjustments }),
    markOrderPaid: (input) => store.markOrderPaid(input),
    cancelOrder: (input) => store.cancelOrder(input),
    dispatchOrder: (input) => dispatchOrder({ store, gateway, tickMs }, input),
    cancelPaidOrder: (input) => store.cancelPaidOrder(input),
    createPayment: async ({ orderId, ...payment }) => {
      const order = await withHeartbeats(paymentPageWaits.database, () => store.readOrder(orderId));
      const read = { items: order ? paymentItems(order) : [], shippingCountries: order?.shippingCountries ?? null };
      const returnUrl = `${storefrontUrl}${orderPagePath(orderId)}?${returnedParameter}`;
      return withHeartbeats(paymentPageWaits.gateway, () => gateway.createPayment({ ...payment, ...read, returnUrl }));
    },
    closePayment: ({ paymentId }) => gateway.closePayment(paymentId),
    beginRefund: (input) => store.beginRefund(input),
    refundPayment: (refund) => makeRefund(deps, refund),
    recordRefund: async (input) => {
      const { refund, order, changes } = await store.recordRefund(input);
      monitor.countChanges(changes);
      return { refund, order };
    },
    syncPayment: (input) => syncPayment(deps, input),
    compareLedger: reported('ledger', deps, compareLedger),
    compareOrders: reported('orders', deps, compareOrders),
    compareStock: reported('stock', deps, compareStock),
    endStalledRun: (run) => runs.endStalled(run),
    reportRepairs: async ({ anomalies }) => monitor.reportRepairs(anomalies),
  };
  return withApplicationFailures(activities, monitor);
}

/** Wraps a comparison so that each of its results is also reported to the monitor. */
function reported<Mark>(
  name: ComparisonName,
  deps: ReconcileDeps,
  compare: (deps: ReconcileDeps, input: CompareInput<Mark>) => Promise<Comparison<Mark>>,
): (input: CompareInput<Mark>) => Promise<Comparison<Mark>> {
  return async (input) => {
    const comparison = await compare(deps, input);
    deps.monitor.reportComparison(name, comparison);
    return comparison;
  };
}
