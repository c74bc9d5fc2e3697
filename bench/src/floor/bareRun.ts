import { randomBytes, randomUUID } from 'node:crypto';
import { orderIdFrom } from '@widget-store/contract';
import { checkoutStart } from '@widget-store/workflows/starts';

/** Returns the options to start a checkout whose workflow id starts with `bare/`. */
export function bareRun({ key: idempotencyKey, taskQueue }: { key: string; taskQueue: string }) {
  return {
    ...checkoutStart({
      idempotencyKey,
      orderId: orderIdFrom(randomBytes(16).toString('hex')),
      lines: [{ productId: 1, quantity: 1 }],
      fingerprint: '0'.repeat(64),
      requestId: randomUUID(),
      paymentWindowMs: 900_000,
      publicUrl: 'http://127.0.0.1:3000',
    }),
    workflowId: `bare/${idempotencyKey}`,
    workflowIdConflictPolicy: 'USE_EXISTING',
    workflowIdReusePolicy: 'ALLOW_DUPLICATE_FAILED_ONLY',
    taskQueue,
  } as const;
}
