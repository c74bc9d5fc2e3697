import { upsertMemo } from '@temporalio/workflow';
import { checkout as released } from '@widget-store/workflows';
import type { CheckoutInput } from '@widget-store/workflows/messages';

export { dispatch, reconcile, refund, syncPayment } from '@widget-store/workflows';

/**
 * Makes the change of `patched.ts` without calling `patched`. This release is correct as the last step of a patch.
 * While checkouts from before the change are open, this release is wrong, because it cannot replay these checkouts.
 */
export async function checkout(input: CheckoutInput): ReturnType<typeof released> {
  upsertMemo({ begunOn: 'next' });
  const result = await released(input);
  upsertMemo({ endedOn: 'next' });
  return result;
}
