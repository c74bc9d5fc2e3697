import type { Store } from '@widget-store/db';
import type { Activities } from '@widget-store/workflows/contract';
import { dispatchOrder } from './dispatchOrder';
import { throwingFailures } from './failures';

export interface ActivitiesDeps {
  store: Store;
  /** Milliseconds between two ticks of a dispatch. */
  tickMs: number;
}

/** The effects of the workflows, each ready to run twice; see `Activities` for the key of each. */
export function createActivities({ store, tickMs }: ActivitiesDeps): Activities {
  return throwingFailures({
    placeOrder: (input) => store.placeOrder(input),
    markOrderPaid: (input) => store.markOrderPaid(input),
    cancelOrder: (input) => store.cancelOrder(input),
    dispatchOrder: (input) => dispatchOrder({ store, tickMs }, input),
  });
}
