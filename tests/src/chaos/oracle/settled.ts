import type { Evidence } from '../evidence';
import { type Anomaly, breaking, groupedBy } from './anomaly';

/**
 * I5: at the end of the wait after the load, no refund or run is open, and no cancelled order holds stock. No order is
 * open, except an order that waits for an operator.
 */
export function judgeQuiet({ database, runs, quiet }: Pick<Evidence, 'database' | 'runs' | 'quiet'>): Anomaly[] {
  const seconds = quiet.deadlineMs / 1000;
  const held = groupedBy(database.movements, ({ orderId }) => orderId);
  return breaking('I5', [
    ...database.orders
      .filter(({ status, isToShip }) => status !== 'DISPATCHED' && status !== 'CANCELLED' && !isToShip)
      .map(({ orderId, key, status }) => `${orderId} of ${key} is still ${status} after ${seconds} s of quiet`),
    ...database.orders
      .filter(({ paymentStatus }) => paymentStatus === 'refunding' || paymentStatus === 'pending')
      .map(({ orderId, paymentStatus }) => `the payment of ${orderId} is still ${paymentStatus}`),
    ...database.orders
      .filter(({ orderId, status }) => status === 'CANCELLED' && isHeld(held.get(orderId) ?? []))
      .map(({ orderId }) => `${orderId} is cancelled and still holds stock`),
    ...runs.filter(({ status }) => status === 'RUNNING').map(({ workflowId }) => `${workflowId} is still open`),
  ]);
}

function isHeld(movements: { quantity: number }[]): boolean {
  return movements.reduce((total, { quantity }) => total + quantity, 0) !== 0;
}
