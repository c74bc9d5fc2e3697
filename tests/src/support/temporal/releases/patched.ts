import { patched, upsertMemo } from '@temporalio/workflow';
import { checkout as released } from '@widget-store/workflows';
import type { CheckoutInput } from '@widget-store/workflows/messages';

export { dispatch, reconcile, refund, syncPayment } from '@widget-store/workflows';

/** The next release. Its checkouts also record whether they started and whether they ended on this release. */
export async function checkout(input: CheckoutInput): ReturnType<typeof released> {
  if (patched('note-the-beginning')) upsertMemo({ begunOn: 'next' });
  const result = await released(input);
  if (patched('note-the-end')) upsertMemo({ endedOn: 'next' });
  return result;
}
