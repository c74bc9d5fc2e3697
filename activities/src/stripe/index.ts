export { openStripeGateway } from './openStripeGateway';
export { fromStripeAmount, longestStripeWindowMs, type StripeMode, stripeModes } from './stripeUnits';
