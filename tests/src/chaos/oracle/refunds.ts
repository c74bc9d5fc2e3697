import type { Charge, Evidence, OrderRecord } from '../evidence';
import type { Operation } from '../../support/clients/history';
import { type Anomaly, breaking, groupedBy } from './anomaly';

/** I1, I2 and I4 for refunds that operators requested, and for refunds that were made in the gateway's dashboard. */
export function judgeRefunds({ database, operations, charges }: Evidence): Anomaly[] {
  const requests = operations.filter(({ f }) => f === 'refund');
  const inDashboard = operations.filter(({ f }) => f === 'refund_in_dashboard');
  const requestsOf = groupedBy(requests, ({ request }) => request.orderId);
  const dashboardOf = groupedBy(inDashboard, ({ request }) => request.paymentId);
  const chargeOf = new Map(charges.map((charge) => [charge.paymentId, charge]));
  const { orders, items } = database;
  const itemsOf = groupedBy(items, ({ orderId }) => orderId);
  const judged = orders.map((order) => ({
    order,
    items: itemsOf.get(order.orderId) ?? [],
    requests: requestsOf.get(order.orderId) ?? [],
    inDashboard: dashboardOf.get(order.paymentId ?? '') ?? [],
    charge: chargeOf.get(order.paymentId ?? ''),
  }));
  return [
    ...breaking('I2', [...ambiguousKeys(requests), ...judged.flatMap(unaskedRefunds)]),
    ...breaking('I1', judged.flatMap(wrongReturns)),
    ...breaking('I4', [...judged.flatMap(lostRefunds), ...lostDashboardRefunds(inDashboard, charges)]),
  ];
}

interface Refunded {
  order: OrderRecord;
  items: Evidence['database']['items'];
  /** The operators' requests for this order. */
  requests: Operation[];
  /** The refunds in the gateway's dashboard. */
  inDashboard: Operation[];
  charge: Charge | undefined;
}

function isOk({ outcome }: Operation): boolean {
  return outcome === 'ok';
}

const keyOf = ({ request }: Operation): string => request.key ?? '';

function ambiguousKeys(requests: Operation[]): string[] {
  const answered = requests.filter(isOk);
  const ids = [...groupedBy(answered, keyOf)].map(([key, answers]) => ({
    key,
    refundIds: [...new Set(answers.map(({ response }) => response.refundId))],
  }));
  const keysOf = groupedBy(ids, ({ refundIds }) => refundIds[0]);
  return [
    ...ids
      .filter(({ refundIds }) => refundIds.length > 1)
      .map(({ key, refundIds }) => `the answers to ${key} have the refunds ${refundIds.join(' and ')}`),
    ...[...keysOf]
      .filter(([, keys]) => keys.length > 1)
      .map(([refundId, keys]) => `${refundId} was the answer to ${keys.map(({ key }) => key).join(' and ')}`),
  ];
}

function unaskedRefunds({ order, requests, inDashboard }: Refunded): string[] {
  const sent = { operator: requests, gateway: inDashboard };
  return (['operator', 'gateway'] as const).flatMap((source) => {
    const made = order.refunds.filter((refund) => refund.source === source).length;
    const possible = new Set(sent[source].filter(({ outcome }) => outcome !== 'fail').map(keyOf)).size;
    if (made <= possible) return [];
    return [`${order.orderId} has ${made} refunds with the source ${source}, and at most ${possible} were requested`];
  });
}

/**
 * Finds orders with a wrong number of returned units. A request with an unknown outcome may or may not have returned
 * its units.
 */
function wrongReturns({ order, items, requests }: Refunded): string[] {
  const unitsOf = (outcomes: string[], productId: number): number => {
    const requested = requests.filter(({ outcome }) => outcomes.includes(outcome));
    const perKey = new Map(requested.map((operation) => [keyOf(operation), operation.request.restock ?? []]));
    const lines = [...perKey.values()].flat().filter(([returned]) => returned === productId);
    return lines.reduce((sum, [, quantity]) => sum + quantity, 0);
  };
  return items.flatMap(({ productId, returned }) => {
    const [least, most] = [unitsOf(['ok'], productId), unitsOf(['ok', 'unknown'], productId)];
    if (least <= returned && returned <= most) return [];
    return [`${order.orderId} returned ${returned} of product ${productId}; its refunds return ${least} to ${most}`];
  });
}

/**
 * Finds accepted requests whose refund does not exist, has a wrong amount, or failed without a valid reason. Valid
 * reasons are a dispute, a refund in the dashboard, and a failure at the gateway.
 */
function lostRefunds({ order, requests, charge }: Refunded): string[] {
  return requests.filter(isOk).flatMap(({ id, request, response }) => {
    const told = `operation ${id} was answered ${response.status} with ${response.refundId} of ${response.amountMinor}`;
    const refund = order.refunds.find(({ refundId }) => refundId === response.refundId);
    if (refund === undefined) return [`${told}, which ${order.orderId} does not have`];
    const { amountMinor, status, gatewayRefundId } = refund;
    // A refund of a cancelled order can shrink, because somebody has refunded a part in the dashboard.
    const mayShrink = order.status === 'CANCELLED' && order.refunds.some(({ source }) => source === 'gateway');
    const { amountMinor: answeredMinor = 0 } = response;
    const isWrong = (minor: number): boolean => (mayShrink ? minor < amountMinor : minor !== amountMinor);
    if ([answeredMinor, request.amountMinor ?? answeredMinor].some(isWrong))
      return [`${told}, requested with ${request.amountMinor}; ${order.orderId} has it with ${amountMinor}`];
    const isExplained =
      order.disputes.length > 0 ||
      order.refunds.some(({ source }) => source === 'gateway') ||
      charge?.refunds.some((made) => made.gatewayRefundId === gatewayRefundId && made.status === 'failed');
    return status !== 'failed' || isExplained ? [] : [`${told}, which failed for ${order.orderId} without a reason`];
  });
}

function lostDashboardRefunds(inDashboard: Operation[], charges: Charge[]): string[] {
  const made = new Set(charges.flatMap(({ refunds }) => refunds.map(({ gatewayRefundId }) => gatewayRefundId)));
  return inDashboard
    .filter(isOk)
    .filter(({ response }) => !made.has(response.refundId ?? ''))
    .map(
      ({ id, response }) => `the gateway answered operation ${id} with ${response.refundId}, which it does not have`,
    );
}
