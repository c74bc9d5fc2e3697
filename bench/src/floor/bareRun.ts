import { randomBytes, randomUUID } from 'node:crypto';
import { orderIdFrom } from '@widget-store/contract';
import { checkoutStart } from '@widget-store/workflows/starts';

const paymentWindowMs = 900_000;
const publicUrl = 'http://127.0.0.1:3000';
const fingerprint = '0'.repeat(64);

/** The start of a checkout, by another id; the payment id is the key, as nothing keeps another. */
export function bareRun({ key: idempotencyKey, taskQueue }: { key: string; taskQueue: string }) {
  const orderId = orderIdFrom(randomBytes(16).toString('hex'));
  const lines = [{ productId: 1, quantity: 1 }];
  const requestId = randomUUID();
  return {
    ...checkoutStart({ idempotencyKey, orderId, lines, fingerprint, requestId, paymentWindowMs, publicUrl }),
    workflowId: `bare/${idempotencyKey}`,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    taskQueue,
  } as const;
}
