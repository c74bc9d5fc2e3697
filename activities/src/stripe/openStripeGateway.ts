import type { ListingGateway } from '../gateway';
import type { StripeGatewayOptions } from './stripeGateway';

/** Opens the client of Stripe. Stripe's library of 16 MB is loaded only here, because no other gateway needs it. */
export async function openStripeGateway(options: StripeGatewayOptions): Promise<ListingGateway> {
  const { createStripeGateway } = await import('./stripeGateway.js');
  return createStripeGateway(options);
}
