export { checkout } from './checkout';
export { dispatch } from './dispatch';
