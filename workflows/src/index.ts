export { checkout, type CheckoutResult } from './checkout/checkout';
export { dispatch } from './dispatch';
export { reconcile } from './reconcile';
export { refund } from './refund';
