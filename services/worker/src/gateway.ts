import { createSandboxGateway, openStripeGateway, type PaymentGateway } from '@widget-store/activities';
import type { Store } from '@widget-store/db';
import type { Tracing } from '@widget-store/runtime';
import type { GatewayEnv } from './env';

const sandboxDeadlineMs = 5000;
/** An activity makes up to four calls in sequence, and has a timeout of ten seconds. */
const stripeDeadlineMs = 2400;
/** A page of a hundred charges with their refunds takes longer. It must arrive within the heartbeat timeout of a comparison. */
const stripeListDeadlineMs = 20_000;

/** Opens the payment gateway that the environment names. */
export async function openGateway(
  env: GatewayEnv,
  { store, tracing }: { store: Store; tracing: Tracing | undefined },
): Promise<PaymentGateway> {
  switch (env.name) {
    case 'sandbox':
      return createSandboxGateway({
        url: env.url,
        apiKey: env.apiKey,
        deadlineMs: sandboxDeadlineMs,
        ...(tracing === undefined ? {} : { headers: () => tracing.outgoingHeaders() }),
      });
    case 'stripe': {
      const { secretKey, url } = env;
      return openStripeGateway({
        secretKey,
        url,
        deadlineMs: stripeDeadlineMs,
        listDeadlineMs: stripeListDeadlineMs,
        references: store,
      });
    }
    default:
      return env satisfies never;
  }
}
