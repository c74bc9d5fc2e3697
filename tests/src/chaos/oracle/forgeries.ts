import type { Evidence } from '../evidence';
import { forgedEventPrefix } from '../forgedCalls';
import { type Anomaly, breaking } from './anomaly';

/**
 * I7: no forged or invalid request got a 2xx answer or changed a row. Nobody pays or declines the orders that forged
 * webhooks name, so these orders can only expire.
 */
export function judgeForgeries({ database, operations }: Pick<Evidence, 'database' | 'operations'>): Anomaly[] {
  const forged = operations.filter(({ f }) => f === 'forged');
  const invalid = operations.filter(({ f }) => f === 'invalid');
  const victims = new Set(forged.map(({ request }) => request.paymentId));
  const invalidKeys = new Set(invalid.map(({ request }) => request.key));
  return breaking('I7', [
    ...[...forged, ...invalid]
      .filter(({ outcome }) => outcome === 'ok')
      .map(({ id, request, response }) => `operation ${id} (${request.what}) was answered ${response.status}`),
    ...database.orders
      .filter(({ key }) => invalidKeys.has(key))
      .map(({ orderId, key }) => `${orderId} was placed for ${key}, which was only used for invalid requests`),
    ...database.orders
      .filter(({ paymentId }) => victims.has(paymentId ?? ''))
      .filter(({ paymentStatus }) => paymentStatus !== 'expired' && paymentStatus !== 'pending')
      .map(({ orderId, paymentStatus }) => `the payment of ${orderId} is ${paymentStatus} because of a forged webhook`),
    ...database.orders
      .filter(({ paymentEventId }) => paymentEventId?.startsWith(forgedEventPrefix))
      .map(({ orderId, paymentEventId }) => `${orderId} was settled by ${paymentEventId}`),
  ]);
}
