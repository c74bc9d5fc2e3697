import type { Environment } from '@widget-store/dev';
import { openTill } from '../support/gateway/charges';
import { startTestStore } from '../support/store/store';

/**
 * Starts api and worker with these variables, and expects that a shopper can buy and pay.
 *
 * @returns the output of the store's processes
 */
export async function sell(variables: Environment): Promise<string[]> {
  const store = await startTestStore({ extraEnvironment: { api: variables, worker: variables } });
  try {
    const till = await openTill(store);
    const charge = await till.charge();
    await till.tell(charge, 'paid');
    expect((await till.shopper.order(charge.orderId)).status).toBe('PAID');
  } finally {
    await store.close();
  }
  return store.lines;
}
