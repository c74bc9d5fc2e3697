import type { OrderBody } from '@widget-store/api';
import type { Random } from '../support/random';
import type { Call, Client } from './client';

/** What operators do with the money of a paid order. The refunds of a plan are requested at the same time. */
export interface PlannedRefunds {
  refunds: PlannedRefund[];
  /** The share of the total that somebody refunds in the gateway's dashboard at that time, in percent; 0 for none. */
  dashboardPercent: number;
  /** Whether the order is dispatched before the refunds. */
  isDispatched: boolean;
  /** Whether the order is also cancelled at that time. */
  isCancelled: boolean;
  /** What an operator then refunds: a share of the total in percent, all that is left, or nothing. */
  last: number | 'rest' | null;
}

interface PlannedRefund {
  /** The share of the total. */
  percent: number;
  /** Whether a unit of the first line comes back to stock. */
  restock: boolean;
  /** How many times the request is sent with the same key. */
  copies: number;
}

/** The shares often exceed the total together, so that only some of the refunds are possible. */
export function planRefunds(random: Random): PlannedRefunds {
  return {
    refunds: Array.from({ length: random.between(1, 3) }, () => ({
      percent: random.between(10, 70),
      restock: random.between(1, 2) === 1,
      copies: random.between(1, 3),
    })),
    dashboardPercent: random.between(1, 3) === 1 ? random.between(5, 40) : 0,
    isDispatched: random.between(1, 3) === 1,
    isCancelled: random.between(1, 3) === 1,
    last: random.pick(['rest', null, null]),
  };
}

interface Operator {
  /** The prefix of the idempotency keys. */
  key: string;
  client: Client;
  shop: { adminToken: string; gatewayUrl: string; gatewayApiKey: string };
  /** Requests that are sent at the same time as the refunds. */
  others: Call[];
}

/** Plays the refunds of a paid order. */
export async function refundOrder(
  order: OrderBody,
  { refunds, dashboardPercent, last }: PlannedRefunds,
  { key, client, shop, others }: Operator,
): Promise<void> {
  const amountOf = (percent: number): number => Math.max(1, Math.floor((order.total_minor * percent) / 100));
  const productId = order.items[0]?.product_id ?? 0;
  const calls = refunds.flatMap(({ percent, restock, copies }, index) => {
    const lines: [number, number][] = restock ? [[productId, 1]] : [];
    const asked = { key: `${key}-refund-${index}`, amountMinor: amountOf(percent), restock: lines };
    return Array.from({ length: copies }, () => refundCall(order.order_id, asked, shop));
  });
  const paymentId = order.payment_id ?? '';
  const amountMinor = amountOf(dashboardPercent);
  if (dashboardPercent > 0) calls.push(dashboardRefundCall({ key: `${key}-dashboard`, paymentId, amountMinor }, shop));
  await Promise.all([...calls, ...others].map((call) => client.persist(call)));
  if (last === null) return;
  const asked = { key: `${key}-last`, ...(last !== 'rest' && { amountMinor: amountOf(last) }), restock: [] };
  await client.persist(refundCall(order.order_id, asked, shop));
}

type RequestedRefund = { key: string; amountMinor?: number; restock: [number, number][] };

function refundCall(orderId: string, asked: RequestedRefund, { adminToken }: Operator['shop']): Call {
  const { key, amountMinor, restock } = asked;
  const lines = restock.map(([productId, quantity]) => ({ product_id: productId, quantity }));
  return {
    f: 'refund',
    request: { orderId, ...asked },
    method: 'POST',
    path: `/order/${orderId}/refunds`,
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${adminToken}`,
      'Idempotency-Key': key,
    },
    body: JSON.stringify({ ...(amountMinor !== undefined && { amount_minor: amountMinor }), restock: lines }),
  };
}

function dashboardRefundCall(
  { key, paymentId, amountMinor }: { key: string; paymentId: string; amountMinor: number },
  { gatewayUrl, gatewayApiKey }: Operator['shop'],
): Call {
  return {
    f: 'refund_in_dashboard',
    request: { key, paymentId, amountMinor },
    method: 'POST',
    path: `/v1/payments/${paymentId}/refunds`,
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${gatewayApiKey}`,
      'Idempotency-Key': key,
    },
    body: JSON.stringify({ amount_minor: amountMinor }),
    baseUrl: gatewayUrl,
  };
}
