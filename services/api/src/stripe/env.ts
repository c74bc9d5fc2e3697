import { longestStripeWindowMs, stripeModes } from '@widget-store/activities/stripe';
import { EnvironmentError, parseEnv, secretWeakness } from '@widget-store/runtime';
import { z } from 'zod';
import type { GatewayWebhookEnv } from '../webhooks/gatewayWebhook';
import type { StripeWebhookSettings } from './stripeSignature';

const variables = {
  STRIPE_MODE: z.enum(stripeModes),
  /** One secret is enough, because Stripe signs with the old and the new secret during a rotation. */
  STRIPE_WEBHOOK_SECRET: z
    .string()
    .regex(/^whsec_[A-Za-z0-9]{24,}$/, 'expected whsec_ and at least 24 letters and digits, as Stripe shows them'),
};

/**
 * Reads Stripe's settings for the api.
 *
 * @throws EnvironmentError that names missing and invalid settings, a weak secret, live mode in demo mode, and a
 * payment window that is too long for Stripe
 */
export function readStripeEnv(
  { DEMO, PAYMENT_WINDOW_MS }: { DEMO: boolean; PAYMENT_WINDOW_MS: number },
  environment: Record<string, string | undefined>,
): GatewayWebhookEnv & StripeWebhookSettings {
  const { STRIPE_MODE: mode, STRIPE_WEBHOOK_SECRET: webhookSecret } = parseEnv(environment, variables);
  const issues = [
    weakSecretIssue(webhookSecret),
    mode === 'live' && DEMO ? 'STRIPE_MODE is live, but demo mode (DEMO=true) must not take real money' : undefined,
    PAYMENT_WINDOW_MS > longestStripeWindowMs
      ? `PAYMENT_WINDOW_MS is over ${longestStripeWindowMs}: Stripe keeps a payment page open for only a day`
      : undefined,
  ].filter((issue) => issue !== undefined);
  if (issues.length > 0) throw new EnvironmentError(issues.join('\n'));
  const settings = { webhookSecret, mode };
  return {
    gateway: 'stripe',
    ...settings,
    open: async (registry) => {
      // Stripe's library needs 16 MB of memory.
      const { createStripeWebhook } = await import('./stripeWebhook.js');
      return createStripeWebhook(settings, registry);
    },
  };
}

/**
 * Checks the secret as text without decoding it, because Stripe itself uses the undecoded text as the key. The
 * message does not mention openssl, because Stripe creates the secret.
 */
function weakSecretIssue(secret: string): string | undefined {
  const weakness = secretWeakness(secret.slice('whsec_'.length));
  if (weakness === undefined) return undefined;
  return `STRIPE_WEBHOOK_SECRET is too weak: ${weakness}; copy the signing secret of the endpoint from Stripe`;
}
