import { createSandboxGateway, openStripeGateway, type PaymentGateway } from '@widget-store/activities';
import type { Store } from '@widget-store/db';
import type { Tracing } from '@widget-store/runtime';
import type { GatewayEnv } from './env';

const sandboxDeadlineMs = 5000;
/** Four calls one after the other, as many as a step makes, end within the ten seconds of its activity. */
const stripeDeadlineMs = 2400;
/** A page of a hundred charges with their refunds takes longer, and has to come between two heartbeats of a comparison. */
const stripeListDeadlineMs = 20_000;

/** The payment gateway that the environment names. */
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
