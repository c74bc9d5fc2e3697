import { randomBytes } from 'node:crypto';
import { orderIdFrom } from '@widget-store/contract';

/** A new order id, as the api makes one for each checkout. */
export function newOrderId(): string {
  return orderIdFrom(randomBytes(16).toString('hex'));
}
