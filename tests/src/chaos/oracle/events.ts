import { settlements } from '@widget-store/contract';
import type { Evidence, OrderRecord } from '../evidence';
import { type Anomaly, breaking, groupedBy } from './anomaly';

type Received = Evidence['events'][number];

/**
 * I11: the receiver has accepted an event for each status that an order has had, each refund that has ended, and each
 * dispute. A failed refund needs no event if other refunds or disputes at the gateway had already taken the money. All
 * copies of an event have one id. Each event of an order arrives only after the receiver has accepted the order's
 * previous event.
 */
export function judgeEvents({ database, events }: Pick<Evidence, 'database' | 'events'>): Anomaly[] {
  const byOrder = groupedBy(events, ({ data }) => data.order_id);
  const statuses = groupedBy(database.statusChanges, ({ orderId }) => orderId);
  return breaking('I11', [
    ...database.orders.flatMap((order) => {
      const accepted = (byOrder.get(order.orderId) ?? []).filter(({ status }) => status === 200);
      const changes = statuses.get(order.orderId)?.map(({ status }) => status) ?? [];
      return missing(order, changes, accepted);
    }),
    ...[...groupedBy(events, contentOf).values()].flatMap(ids),
    ...[...groupedBy(events, ({ id }) => id).values()].flatMap(contents),
    ...[...byOrder.values()].flatMap(outOfOrder),
  ]);
}

const typeOfStatus: Record<string, string> = {
  PAID: 'order.paid',
  DISPATCHED: 'order.shipped',
  CANCELLED: 'order.cancelled',
};

function missing(order: OrderRecord, changes: string[], accepted: Received[]): string[] {
  const { orderId, refunds, disputes } = order;
  const isSoldOut = order.cancelReason === 'sold_out';
  const types = [
    isSoldOut ? 'order.cancelled' : 'order.placed',
    ...new Set(changes.flatMap((status) => typeOfStatus[status] ?? [])),
  ];
  const last = accepted.at(-1);
  return [
    ...types
      .filter((type) => !accepted.some((event) => event.type === type))
      .map((type) => `${type} of ${orderId} never arrived${last === undefined ? '' : `, although ${last.type} did`}`),
    ...refunds
      .filter(
        ({ status, settledBy }) => status === 'succeeded' || (status === 'failed' && settledBy !== settlements.gateway),
      )
      .filter(
        ({ refundId, status }) =>
          !accepted.some(({ data }) => isAbout(data['refund'], { refund_id: refundId, status })),
      )
      .map(({ refundId, status }) => `the event of the ${status} refund ${refundId} of ${orderId} never arrived`),
    ...disputes
      .filter(({ amountMinor, status }) => {
        const dispute = { amount_minor: amountMinor, status };
        return !accepted.some(({ data }) => isAbout(data['dispute'], dispute));
      })
      .map(({ status }) => `the event of the ${status} dispute of ${orderId} never arrived`),
  ];
}

function isAbout(detail: unknown, fields: Record<string, unknown>): boolean {
  const seen = Object.fromEntries(Object.entries(detail ?? {}));
  return Object.entries(fields).every(([name, value]) => seen[name] === value);
}

function contentOf({ type, data }: Received): string {
  return JSON.stringify({ type, data });
}

function ids(copies: Received[]): string[] {
  const [first] = copies;
  const all = new Set(copies.map(({ id }) => id));
  return all.size > 1 && first ? [`${first.type} of ${first.data.order_id} came as ${[...all].join(' and ')}`] : [];
}

function contents(copies: Received[]): string[] {
  return new Set(copies.map(contentOf)).size > 1 ? [`${copies[0]?.id} came with different contents`] : [];
}

function outOfOrder(arrivals: Received[]): string[] {
  const accepted = new Set<string>();
  const seen = new Map<string, number>();
  const found: string[] = [];
  for (const { id, type, status, data } of arrivals) {
    const isFirst = !seen.has(id);
    const isEarly = [...seen].some(([other, version]) => !accepted.has(other) && version < data.version);
    const isLate = [...seen.values()].some((version) => version > data.version);
    if (isFirst && (isEarly || isLate)) found.push(`${type} of ${data.order_id} came out of order`);
    seen.set(id, data.version);
    if (status === 200) accepted.add(id);
  }
  return found;
}
