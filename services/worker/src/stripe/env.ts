import { openStripeGateway, stripeModes } from '@widget-store/activities/stripe';
import { baseUrlVariable, EnvironmentError, parseEnv } from '@widget-store/runtime';
import type { ServiceEnv } from '@widget-store/runtime/serviceVariables';
import { z } from 'zod';
import type { GatewayEnv } from '../env';

const variables = {
  /** If it is not set, the worker calls Stripe's own servers. */
  STRIPE_API_URL: baseUrlVariable.optional(),
  STRIPE_MODE: z.enum(stripeModes),
  STRIPE_SECRET_KEY: z
    .string()
    .regex(/^(sk|rk)_(test|live)_[A-Za-z0-9]+$/, 'expected sk_test_…, rk_test_…, sk_live_… or rk_live_…'),
};

/** Stripe does not accept these countries in a shipping address (docs.stripe.com/api/checkout/sessions/create). */
const unsupportedCountries = new Set('AS CC CU CX FM HM IR KP MH MP NF PW SY UM VI'.split(' '));

interface StripeContext extends Pick<ServiceEnv, 'demo' | 'publicUrl' | 'storefrontUrl'> {
  shippingCountries: string[] | null;
}

/**
 * Reads Stripe's settings for the worker.
 *
 * @throws EnvironmentError that names missing and invalid settings, countries that Stripe does not support, and
 * settings that could move real money by mistake
 */
export function readStripeEnv(
  { demo, publicUrl, storefrontUrl, shippingCountries }: StripeContext,
  environment: Record<string, string | undefined>,
): GatewayEnv {
  const { STRIPE_SECRET_KEY: secretKey, STRIPE_MODE: mode, STRIPE_API_URL: url } = parseEnv(environment, variables);
  const isLive = mode === 'live';
  const unsupported = (shippingCountries ?? []).filter((country) => unsupportedCountries.has(country));
  const complaints = [
    unsupported.length > 0 && `COLLECT_ADDRESS has countries that Stripe does not support: ${unsupported.join()}`,
    secretKey.split('_')[1] !== mode && `STRIPE_SECRET_KEY is not a key for STRIPE_MODE=${mode}`,
    isLive && demo && 'STRIPE_MODE is live, but demo mode (DEMO=true) must not take real money',
    isLive &&
      url !== undefined &&
      'STRIPE_API_URL is only for test keys: a live key must not be sent to a server that does not belong to Stripe',
    isLive &&
      ![publicUrl, storefrontUrl].every((address) => address.startsWith('https:')) &&
      'in live mode, STOREFRONT_URL and PUBLIC_URL must be https addresses, because shoppers and operators open them',
  ].filter((complaint) => complaint !== false);
  if (complaints.length > 0) throw new EnvironmentError(complaints.join('\n'));
  return { name: 'stripe', open: (options) => openStripeGateway({ secretKey, url, ...options }) };
}
