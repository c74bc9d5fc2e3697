import { randomBytes } from 'node:crypto';
import { createSandboxGateway, type ListingGateway } from '@widget-store/activities';
import { ownRefundId, type Refund, refundIdFrom, type RefundRef } from '@widget-store/contract';
import type { RefundRequest } from '@widget-store/db';
import { sharedServers } from '../env';

/** Actions on a captured payment that do not come from the store, but from the gateway's dashboard or from a bank. */
export interface DashboardActions {
  /** Resolves with the gateway's id of the refund. */
  refundInDashboard(paymentId: string, amountMinor: number): Promise<string>;
  failRefund(paymentId: string, gatewayRefundId: string): Promise<void>;
  /** Resolves with the gateway's id of the dispute. */
  openDispute(paymentId: string, amountMinor: number): Promise<string>;
  closeDispute(paymentId: string, gatewayDisputeId: string, status: 'won' | 'lost'): Promise<void>;
}

/** A client of a sandbox gateway. It can also act as a shopper and read the gateway's ledger. */
export interface TestGateway extends ListingGateway, DashboardActions {
  /** Pays or declines on the payment page. Creates the payment if it does not exist. */
  settle(paymentId: string, action: 'pay' | 'decline', amountMinor?: number): Promise<void>;
  /** Returns the amount that was captured and not refunded. */
  keptMinor(paymentId: string): Promise<number>;
  /** Returns the number of refunds. */
  refunds(paymentId: string): Promise<number>;
  /** Sets what goes wrong with webhooks, for example `{ lose: true }`. */
  behave(behaviour: Record<string, unknown>): Promise<void>;
}

interface GatewayAddress {
  url: string;
  apiKey: string;
}

/** @param address the gateway's address and key; by default the shared gateway, which sends no webhooks */
export function testGateway({ url, apiKey }: GatewayAddress = sharedServers().gateway): TestGateway {
  const client = createSandboxGateway({ url, apiKey, deadlineMs: 10_000 });
  /** Makes a request that the store's own client does not support. */
  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const headers = {
      Authorization: `Bearer ${apiKey}`,
      'Content-Type': 'application/json',
      'Idempotency-Key': randomBytes(8).toString('hex'),
    };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const answer = await fetch(url + path, init);
    if (!answer.ok) throw new Error(`the gateway answered ${answer.status}`);
    return answer.json();
  }
  return {
    ...client,
    settle: async (paymentId, action, amountMinor = 9999) => {
      const expiresAt = new Date(Date.now() + 60_000).toISOString();
      const page = { items: [], returnUrl: 'http://127.0.0.1:9/', expiresAt, shippingCountries: null };
      await client.createPayment({ paymentId, amountMinor, currency: 'USD', ...page });
      await call('POST', `/sandbox/payments/${paymentId}/${action}`);
    },
    keptMinor: async (paymentId) => {
      const payment = await client.getPayment(paymentId);
      return payment === null ? 0 : payment.capturedMinor - payment.refundedMinor;
    },
    refunds: async (paymentId) => {
      const { refunds } = (await call('GET', `/v1/payments/${paymentId}`)) as { refunds: unknown[] };
      return refunds.length;
    },
    behave: async (behaviour) => {
      await call('PUT', '/sandbox/behaviour', behaviour);
    },
    refundInDashboard: async (paymentId, amountMinor) => {
      const made = await call('POST', `/sandbox/payments/${paymentId}/refunds`, { amount_minor: amountMinor });
      return (made as { refund_id: string }).refund_id;
    },
    failRefund: async (paymentId, gatewayRefundId) => {
      await call('POST', `/sandbox/payments/${paymentId}/refunds/${gatewayRefundId}/fail`);
    },
    openDispute: async (paymentId, amountMinor) => {
      const opened = await call('POST', `/sandbox/payments/${paymentId}/disputes`, { amount_minor: amountMinor });
      return (opened as { dispute_id: string }).dispute_id;
    },
    closeDispute: async (paymentId, gatewayDisputeId, status) => {
      const action = status === 'won' ? 'win' : 'lose';
      await call('POST', `/sandbox/payments/${paymentId}/disputes/${gatewayDisputeId}/${action}`);
    },
  };
}

/** Returns a pending refund that no workflow has made at the gateway yet. */
export function refundToMake(paymentId: string, amountMinor = 9999): Refund {
  const id = paymentId.replace('pay_', '');
  const refund = { refundId: `ref_${id}`, orderId: `ord_${id}`, paymentId, amountMinor, currency: 'USD' };
  return { ...refund, status: 'pending', source: 'cancellation', gatewayRefundId: null, paymentEventId: null };
}

/** Returns the refund of a payment that was captured for a cancelled order. */
export function lateRefund({ orderId }: { orderId: string }, capturedMinor = 9999): RefundRef {
  return { orderId, refundId: ownRefundId(orderId), latePayment: { capturedMinor } };
}

export function newRefund({ orderId }: { orderId: string }, amountMinor: number): RefundRequest {
  const refundId = refundIdFrom(randomBytes(16).toString('hex'));
  return {
    orderId,
    refundId,
    fingerprint: 'f',
    amountMinor,
    reason: null,
    requestedBy: 'anna',
    restock: [],
    replaces: null,
  };
}

/** Returns the request of a refund that somebody makes in the gateway's dashboard. */
export function refundByHand(paymentId: string, amountMinor: number) {
  return { paymentId, amountMinor, refundId: 'by-hand', idempotencyKey: `by-hand/${paymentId}/${amountMinor}` };
}

export const newPaymentId = (): string => `pay_${randomBytes(16).toString('hex')}`;
