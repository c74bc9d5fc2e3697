import { randomBytes } from 'node:crypto';
import { createSandboxGateway, type PaymentGateway } from '@widget-store/activities';
import { sharedServers } from '../env';

/** A gateway that a test may also steer: settle payments as a shopper would, and count what it was asked for. */
export interface TestGateway extends PaymentGateway {
  /** Leaves the payment page: opens the payment first when nobody has. */
  settle(paymentId: string, action: 'pay' | 'decline', amountMinor?: number): Promise<void>;
  /** What the gateway keeps of a payment. */
  keptMinor(paymentId: string): Promise<number>;
  /** How often the gateway gave money back of a payment. */
  refunds(paymentId: string): Promise<number>;
  /** What goes wrong with webhooks from now on, as the gateway takes it: `{ lose: true }`. */
  behave(behaviour: Record<string, unknown>): Promise<void>;
}

interface GatewayAddress {
  url: string;
  apiKey: string;
}

/** @param address that of a store under test; unless given, the run's shared one, which sends no webhooks */
export function testGateway({ url, apiKey }: GatewayAddress = sharedServers().gateway): TestGateway {
  const client = createSandboxGateway({ url, apiKey, deadlineMs: 10_000 });
  /** What the gateway offers beside the calls of the store's own client. */
  async function call(method: string, path: string, body?: object): Promise<unknown> {
    const headers = { Authorization: `Bearer ${apiKey}`, 'Content-Type': 'application/json' };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const answer = await fetch(url + path, init);
    if (!answer.ok) throw new Error(`the gateway answered ${answer.status}`);
    return answer.json();
  }
  return {
    ...client,
    settle: async (paymentId, action, amountMinor = 9999) => {
      const expiresAt = new Date(Date.now() + 60_000).toISOString();
      const page = { returnUrl: 'http://127.0.0.1:9/', expiresAt };
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
  };
}

export const newPaymentId = (): string => `pay_${randomBytes(16).toString('hex')}`;
