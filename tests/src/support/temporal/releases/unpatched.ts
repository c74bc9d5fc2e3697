import { upsertMemo } from '@temporalio/workflow';
import { checkout as released, type CheckoutResult } from '@widget-store/workflows';
import type { CheckoutInput } from '@widget-store/workflows/messages';

export { dispatch, reconcile, refund } from '@widget-store/workflows';

/** A next release whose author forgot that checkouts are open. */
export async function checkout(input: CheckoutInput): Promise<CheckoutResult> {
  upsertMemo({ begunOn: 'next' });
  return released(input);
}
