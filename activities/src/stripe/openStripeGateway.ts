import type { PaymentGateway } from '../gateway';
import type { StripeGatewayOptions } from './stripeGateway';

/** Opens the client of Stripe. It loads Stripe's library of 16 MB, which no other gateway needs. */
export async function openStripeGateway(options: StripeGatewayOptions): Promise<PaymentGateway> {
  const { createStripeGateway } = await import('./stripeGateway.js');
  return createStripeGateway(options);
}
