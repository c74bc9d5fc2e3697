import type { Evidence, OrderRecord } from '../evidence';
import type { Operation } from '../../support/clients/history';
import { type Anomaly, breaking, groupedBy } from './anomaly';

/**
 * I10 for manual fulfilment: an order is shipped at most once, with the carrier that an operator requested. An operator
 * never ships an order with demo fulfilment.
 */
export function judgeShipments({ database, operations }: Pick<Evidence, 'database' | 'operations'>): Anomaly[] {
  const shipmentsOf = groupedBy(
    operations.filter(({ f }) => f === 'ship'),
    ({ request }) => request.orderId ?? '',
  );
  return breaking(
    'I10',
    database.orders.flatMap((order) =>
      wrongShipments(order, shipmentsOf.get(order.orderId) ?? []).map(
        (what) => `${order.orderId} (${order.status}) ${what}`,
      ),
    ),
  );
}

function wrongShipments({ status, fulfilment, carrier }: OrderRecord, shipments: Operation[]): string[] {
  const accepted = shipments.filter(({ outcome }) => outcome === 'ok');
  const carriers = [...new Set(accepted.map(({ request }) => request.carrier))];
  const wrong: string[] = [];
  if (carriers.length > 1) wrong.push(`was shipped with ${carriers.join(' and ')}`);
  if (accepted.length > 0 && status !== 'DISPATCHED') wrong.push('was shipped, but is not dispatched');
  for (const { id, request, response } of accepted) {
    if (response.carrier !== request.carrier || request.carrier !== carrier)
      wrong.push(`has ${carrier}; operation ${id} shipped ${request.carrier} and was answered ${response.carrier}`);
  }
  if (fulfilment === 'demo') {
    if (accepted.length > 0 || carrier !== null) wrong.push('has demo fulfilment, but was shipped');
  } else if (status === 'DISPATCHED') {
    const possible = shipments.filter(({ outcome }) => outcome !== 'fail');
    if (!possible.some(({ request }) => request.carrier === carrier))
      wrong.push('is dispatched, but nobody shipped it');
  }
  return wrong;
}
