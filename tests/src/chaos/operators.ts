import type { OrderBody } from '@widget-store/api';
import type { Random } from '../support/random';
import type { Call, Client } from '../support/clients/client';
import type { OperationKind } from '../support/clients/history';

/** What operators do with the money of a paid order. All `refunds` are requested at the same time. */
export interface PlannedRefunds {
  refunds: PlannedRefund[];
  /** The percentage of the total that is refunded in the gateway's dashboard at the same time; 0 for no such refund. */
  dashboardPercent: number;
  /** Whether the order is dispatched before the refunds. */
  isDispatched: boolean;
  /** Whether the order is cancelled at the same time as the refunds. */
  isCancelled: boolean;
  /** What an operator refunds after these requests: a percentage of the total, all that is left, or nothing. */
  last: number | 'rest' | null;
  /** What happens to the payment at the gateway after these refunds, if the order is dispatched. */
  trouble: Trouble | null;
}

/**
 * `failure`: the next refund fails immediately. `later failure`: a refund fails after it has succeeded, and an operator
 * requests another refund. `open`: a dispute is opened and stays undecided. `win` and `lose`: a dispute is opened, and
 * the store wins or loses it.
 */
type Trouble = 'failure' | 'later failure' | 'open' | 'win' | 'lose';

interface PlannedRefund {
  /** The percentage of the order's total. */
  percent: number;
  /** Whether a unit of the first line comes back to stock. */
  restock: boolean;
  /** How many times the request is sent with the same key. */
  copies: number;
}

/** The sum of the planned refunds often exceeds the total, so only some of them are possible. */
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
    trouble: random.pick(['failure', 'later failure', 'open', 'win', 'lose', null, null]),
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

/** Sends the requests of the plan for a paid order. */
export async function refundOrder(order: OrderBody, plan: PlannedRefunds, operator: Operator): Promise<void> {
  const { key, client, others } = operator;
  const { order_id: orderId, payment_id: paymentId } = order;
  if (paymentId === null) return;
  const amountOf = (percent: number): number => Math.max(1, Math.floor((order.total_minor * percent) / 100));
  const productId = order.items[0]?.product_id ?? 0;
  const calls = plan.refunds.flatMap(({ percent, restock, copies }, index) => {
    const lines: [number, number][] = restock ? [[productId, 1]] : [];
    const asked = { key: `${key}-refund-${index}`, amountMinor: amountOf(percent), restock: lines };
    return Array.from({ length: copies }, () => refundCall(orderId, asked, operator));
  });
  if (plan.dashboardPercent > 0) {
    const amountMinor = amountOf(plan.dashboardPercent);
    calls.push(atGateway({ f: 'refund_in_dashboard', paymentId, path: 'refunds', amountMinor }, operator));
  }
  await Promise.all([...calls, ...others].map((call) => client.persist(call)));
  if (plan.last !== null) {
    const amountMinor = plan.last === 'rest' ? undefined : amountOf(plan.last);
    await client.persist(refundCall(orderId, { key: `${key}-last`, amountMinor, restock: [] }, operator));
  }
  // Refunds of a cancelled order must not fail: the gateway would keep the money until a person acts, and the oracle
  // would report this money.
  const canFail = order.status === 'DISPATCHED';
  if (canFail && plan.trouble !== null)
    await makeTrouble(plan.trouble, { orderId, paymentId, amountMinor: amountOf(10) }, operator);
}

interface TroubledPayment {
  orderId: string;
  paymentId: string;
  amountMinor: number;
}

async function makeTrouble(trouble: Trouble, payment: TroubledPayment, operator: Operator): Promise<void> {
  const { orderId, paymentId, amountMinor } = payment;
  const { key, client } = operator;
  const again = refundCall(orderId, { key: `${key}-again`, amountMinor, restock: [] }, operator);
  switch (trouble) {
    case 'failure': {
      const failing = { f: 'next_refund', paymentId, path: 'next_refund', body: { status: 'failed' } } as const;
      await client.persist({ ...atGateway(failing, operator), method: 'PUT' });
      await client.persist(again);
      return;
    }
    case 'later failure': {
      const { json } = await client.persist(readPaymentCall(paymentId, operator));
      const made = (json as { refunds?: { refund_id: string; status: string }[] } | undefined)?.refunds ?? [];
      const refundId = made.find(({ status }) => status === 'succeeded')?.refund_id;
      if (refundId === undefined) return;
      await client.persist(atGateway({ f: 'fail_refund', paymentId, path: `refunds/${refundId}/fail` }, operator));
      await client.persist(again);
      return;
    }
    case 'open':
    case 'win':
    case 'lose': {
      const { json } = await client.persist(
        atGateway({ f: 'dispute', paymentId, path: 'disputes', amountMinor }, operator),
      );
      const disputeId = (json as { dispute_id?: string } | undefined)?.dispute_id;
      if (disputeId === undefined || trouble === 'open') return;
      const path = `disputes/${disputeId}/${trouble}`;
      await client.persist(atGateway({ f: 'close_dispute', paymentId, path }, operator));
      return;
    }
    default:
      return trouble satisfies never;
  }
}

interface RequestedRefund {
  key: string;
  amountMinor?: number | undefined;
  restock: [number, number][];
}

function refundCall(orderId: string, asked: RequestedRefund, { shop: { adminToken } }: Operator): Call {
  const { key, amountMinor, restock } = asked;
  const lines = restock.map(([productId, quantity]) => ({ product_id: productId, quantity }));
  return {
    f: 'refund',
    request: { orderId, key, restock, ...(amountMinor !== undefined && { amountMinor }) },
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

interface GatewayAction {
  f: OperationKind;
  paymentId: string;
  /** The part of the path that follows the payment id. */
  path: string;
  amountMinor?: number;
  body?: object;
}

/** Returns a request that simulates an action in the gateway's dashboard or an action of a bank. */
function atGateway(
  { f, paymentId, path, amountMinor, body = { amount_minor: amountMinor } }: GatewayAction,
  { key: shopperKey, shop: { gatewayUrl, gatewayApiKey } }: Operator,
): Call {
  const key = `${shopperKey}-${f}`;
  return {
    f,
    request: { key, paymentId, ...(amountMinor !== undefined && { amountMinor }) },
    method: 'POST',
    path: `/sandbox/payments/${paymentId}/${path}`,
    headers: {
      'Content-Type': 'application/json',
      Authorization: `Bearer ${gatewayApiKey}`,
      'Idempotency-Key': key,
    },
    body: JSON.stringify(body),
    baseUrl: gatewayUrl,
  };
}

function readPaymentCall(paymentId: string, { shop: { gatewayUrl, gatewayApiKey } }: Operator): Call {
  const headers = { Authorization: `Bearer ${gatewayApiKey}` };
  const path = `/v1/payments/${paymentId}`;
  return { f: 'read_payment', request: { paymentId }, method: 'GET', path, headers, baseUrl: gatewayUrl };
}
