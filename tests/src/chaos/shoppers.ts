import type { CheckoutBody, OrderBody, PaymentPageBody } from '@widget-store/api';
import { isOver } from '@widget-store/contract';
import { type Call, checkoutCall, type Client } from '../support/clients/client';
import { forgeries } from './forgedCalls';
import { refundOrder } from './operators';
import type { PlannedShopper } from './plan';
import { shipOrder } from './shipments';

export interface Shop {
  gatewayUrl: string;
  gatewayApiKey: string;
  webhookSecret: string;
  adminToken: string;
  /** Called with the id of every order, so that other clients can read all orders. */
  onOrder(orderId: string): void;
}

const pollMs = 1500;

interface Bought {
  orderId: string;
  paymentId: string;
  expiresAtMs: number;
}

/** Acts as one shopper, from the first request until the order or the run has ended. */
export async function playShopper(plan: PlannedShopper, client: Client, shop: Shop): Promise<void> {
  const bought = await buy(plan, client, shop);
  if (bought === undefined) return;
  await decide(plan, bought, { client, shop });
  await fulfil(plan, bought, { client, shop });
  await watch(bought.orderId, client, ({ status }) => isOver(status));
}

/**
 * Waits until the order has ended, or is paid and has manual fulfilment. In the second case, ships the order, or
 * cancels it as an operator if it cannot be shipped.
 */
async function fulfil(
  { shipment, thinkMs }: PlannedShopper,
  { orderId }: Bought,
  { client, shop, others = [] }: { client: Client; shop: Shop; others?: Call[] },
): Promise<void> {
  const isShippable = ({ status, fulfilment }: OrderBody): boolean => status === 'PAID' && fulfilment === 'manual';
  const order = await watch(orderId, client, (seen) => isOver(seen.status) || isShippable(seen));
  if (order === undefined || !isShippable(order)) return;
  const { adminToken } = shop;
  const isDone = await shipOrder({ orderId, plan: shipment, thinkMs, client, adminToken, others });
  if (isDone) return;
  // A shopper cannot cancel an order whose pieces are all back in stock.
  const headers = { Authorization: `Bearer ${adminToken}` };
  await client.persist({ ...cancelCall(orderId), path: `/ops/orders/${orderId}/cancel`, headers });
}

async function buy(plan: PlannedShopper, client: Client, shop: Shop): Promise<Bought | undefined> {
  const { kind, key, lines, otherLines, copies } = plan;
  const first = client.persist(checkoutCall(key, lines));
  const others = kind === 'sameKey' ? Array.from({ length: copies - 1 }, () => checkoutCall(key, lines)) : [];
  if (kind === 'otherCart') others.push(checkoutCall(key, otherLines));
  const results = await Promise.all([first, ...others.map((call) => client.persist(call))]);
  const answered = results.find(({ outcome }) => outcome === 'ok');
  if (answered === undefined) return undefined;
  const { order_id: orderId, payment_id: paymentId, expires_at: expiresAt } = answered.json as CheckoutBody;
  shop.onOrder(orderId);
  return paymentId === null ? undefined : { orderId, paymentId, expiresAtMs: Date.parse(expiresAt) };
}

async function decide(
  plan: PlannedShopper,
  bought: Bought,
  { client, shop }: { client: Client; shop: Shop },
): Promise<void> {
  const { kind, thinkMs, edgeMs, refunds, random, key } = plan;
  const { orderId, paymentId, expiresAtMs } = bought;
  if (kind === 'abandoned') return;
  if (kind === 'victim') {
    for (const forgery of forgeries({ ...bought, key }, { secret: shop.webhookSecret, random }))
      await client.once(forgery);
    return;
  }
  if (!(await client.pause(thinkMs))) return;
  if (kind === 'cancelled') {
    await client.persist(cancelCall(orderId));
    return;
  }
  if (!(await openPage(bought, client))) return;
  // `edge` and `late` shoppers wait on the payment page until it is time to pay.
  const payAtMs = kind === 'edge' ? expiresAtMs + edgeMs : kind === 'late' ? expiresAtMs + 500 + thinkMs : Date.now();
  if (!(await client.pause(Math.max(0, payAtMs - Date.now())))) return;
  const settled = await client.persist(settleCall(paymentId, kind === 'declined' ? 'decline' : 'pay', shop));
  if (kind === 'cancelledPaid' && settled.outcome === 'ok') {
    const order = await watch(orderId, client, ({ status, progress_remaining: left, fulfilment }) => {
      return status !== 'PENDING' && (fulfilment === 'manual' || left < 9);
    });
    if (order?.fulfilment === 'manual') await fulfil(plan, bought, { client, shop, others: [cancelCall(orderId)] });
    else await client.persist(cancelCall(orderId));
  }
  if (kind === 'refunded' && settled.outcome === 'ok') {
    if (refunds.isDispatched) await fulfil(plan, bought, { client, shop });
    const order = await watch(orderId, client, ({ status }) => isPaidFor(status, refunds));
    const others = refunds.isCancelled ? [cancelCall(orderId)] : [];
    if (order !== undefined) await refundOrder(order, refunds, { key, client, shop, others });
  }
}

function isPaidFor(status: OrderBody['status'], { isDispatched }: PlannedShopper['refunds']): boolean {
  return status === 'DISPATCHED' || status === 'CANCELLED' || (status === 'PAID' && !isDispatched);
}

/** @returns whether the order can be paid */
export async function openPage({ paymentId }: { paymentId: string }, client: Client): Promise<boolean> {
  const call: Call = { f: 'page', request: { paymentId }, method: 'POST', path: `/payment/${paymentId}/page` };
  const { outcome, json: body } = await client.persist(call);
  return outcome === 'ok' && (body as PaymentPageBody).payment_url !== null;
}

/**
 * Polls the order until it has the state that the shopper waits for.
 *
 * @returns undefined if the store does not know the order, or if the run ends
 */
async function watch(
  orderId: string,
  client: Client,
  enough: (order: OrderBody) => boolean,
): Promise<OrderBody | undefined> {
  do {
    const { outcome, response, json: order } = await client.once(readOrderCall(orderId));
    if (outcome === 'ok' && enough(order as OrderBody)) return order as OrderBody;
    if (response.status === 404) return undefined;
  } while (await client.pause(pollMs));
  return undefined;
}

export function readOrderCall(orderId: string): Call {
  return { f: 'read_order', request: { orderId }, method: 'GET', path: `/order/${orderId}` };
}

function cancelCall(orderId: string): Call {
  return { f: 'cancel', request: { orderId }, method: 'POST', path: `/order/${orderId}/cancel` };
}

export function settleCall(
  paymentId: string,
  what: 'pay' | 'decline',
  shop: Pick<Shop, 'gatewayUrl' | 'gatewayApiKey'>,
): Call {
  return {
    f: 'settle',
    request: { paymentId, what },
    method: 'POST',
    path: `/sandbox/payments/${paymentId}/${what}`,
    headers: { Authorization: `Bearer ${shop.gatewayApiKey}` },
    baseUrl: shop.gatewayUrl,
  };
}
