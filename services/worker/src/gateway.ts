import { createSandboxGateway, type PaymentGateway } from '@widget-store/activities';
import type { Store } from '@widget-store/db';
import type { Tracing } from '@widget-store/runtime/tracing';
import type { WorkerEnv } from './env';

/**
 * The deadline of one call. An activity usually makes at most four calls in sequence, within its timeout of ten
 * seconds. A shopper waits at most three seconds for the payment page, so a call must fail earlier than that.
 */
const gatewayDeadlineMs = 2400;
/**
 * The deadline of a call that reads a page of up to a hundred charges with their refunds. Such a call takes longer than
 * other calls, but must end within the heartbeat timeout of a comparison.
 */
const listDeadlineMs = 20_000;

/** Opens the payment gateway that the environment names. */
export async function openGateway(
  { gateway: env }: Pick<WorkerEnv, 'gateway'>,
  { store, tracing }: { store: Store; tracing: Tracing | undefined },
): Promise<PaymentGateway> {
  if ('open' in env) return env.open({ deadlineMs: gatewayDeadlineMs, listDeadlineMs, references: store });
  return createSandboxGateway({
    url: env.url,
    apiKey: env.apiKey,
    deadlineMs: gatewayDeadlineMs,
    ...(tracing && { headers: () => tracing.outgoingHeaders() }),
  });
}
