import { deprecatePatch, upsertMemo } from '@temporalio/workflow';
import { checkout as released } from '@widget-store/workflows';
import type { CheckoutInput } from '@widget-store/workflows/messages';

export { dispatch, reconcile, refund, syncPayment } from '@widget-store/workflows';

/** The release after `patched.ts`. Before its deployment, all checkouts older than `patched.ts` must be closed. */
export async function checkout(input: CheckoutInput): ReturnType<typeof released> {
  deprecatePatch('note-the-beginning');
  upsertMemo({ begunOn: 'next' });
  const result = await released(input);
  deprecatePatch('note-the-end');
  upsertMemo({ endedOn: 'next' });
  return result;
}
