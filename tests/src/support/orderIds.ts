import { randomBytes } from 'node:crypto';
import { orderIdFrom } from '@widget-store/contract';

/** Returns a new order id in the same form as the api creates for each checkout. */
export function newOrderId(): string {
  return orderIdFrom(randomBytes(16).toString('hex'));
}
