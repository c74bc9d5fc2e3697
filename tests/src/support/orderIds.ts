import { randomBytes } from 'node:crypto';
import { orderIdFrom } from '@widget-store/contract';

/** Returns a new order id in the form that the api uses. */
export function newOrderId(): string {
  return orderIdFrom(randomBytes(16).toString('hex'));
}
