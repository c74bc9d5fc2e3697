import { randomBytes, randomUUID } from 'node:crypto';
import { checkoutTaskTimeout, orderIdFrom } from '@widget-store/workflows/contract';
import { type CheckoutInput, searchAttributesOf } from '@widget-store/workflows/messages';

const paymentWindowMs = 900_000;
const fingerprint = '0'.repeat(64);

/** The start of a run as `workflows/src/starts.ts` describes a checkout's; the payment id is the key, as nothing keeps another. */
export function bareRun({ key: idempotencyKey, taskQueue }: { key: string; taskQueue: string }) {
  const orderId = orderIdFrom(randomBytes(16).toString('hex'));
  const lines = [{ productId: 1, quantity: 1 }];
  const input: CheckoutInput = {
    idempotencyKey,
    orderId,
    lines,
    fingerprint,
    requestId: randomUUID(),
    paymentWindowMs,
  };
  return {
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    workflowId: `bare/${idempotencyKey}`,
    taskQueue,
    args: [input],
    workflowTaskTimeout: checkoutTaskTimeout,
    staticSummary: '1 of product 1',
    typedSearchAttributes: searchAttributesOf({ orderId, status: 'PENDING', paymentStatus: 'pending' }),
  } as const;
}
