export { checkout, type CheckoutResult } from './checkout';
export { dispatch } from './dispatch';
export { refund } from './refund';
