import { randomBytes } from 'node:crypto';
import { createSandboxGateway, type PaymentGateway } from '@widget-store/activities';
import { sharedServers } from './env';

/** A gateway that a test may also steer: settle payments as a shopper would, and count what it was asked for. */
export interface TestGateway extends PaymentGateway {
  /** Leaves the payment page: opens the payment first when nobody has. */
  settle(paymentId: string, action: 'pay' | 'decline', amountMinor?: number): Promise<void>;
  /** What the gateway keeps of a payment. */
  keptMinor(paymentId: string): Promise<number>;
}

interface GatewayAddress {
  url: string;
  apiKey: string;
}

/** @param address that of a store under test; unless given, the run's shared one, which sends no webhooks */
export function testGateway({ url, apiKey }: GatewayAddress = sharedServers().gateway): TestGateway {
  const client = createSandboxGateway({ url, apiKey, deadlineMs: 10_000 });
  return {
    ...client,
    settle: async (paymentId, action, amountMinor = 9999) => {
      await client.createPayment({ paymentId, amountMinor, currency: 'USD', returnUrl: 'http://127.0.0.1:9/' });
      const headers = { Authorization: `Bearer ${apiKey}` };
      const answer = await fetch(`${url}/sandbox/payments/${paymentId}/${action}`, { method: 'POST', headers });
      if (!answer.ok) throw new Error(`the gateway answered ${answer.status}`);
    },
    keptMinor: async (paymentId) => {
      const payment = await client.getPayment(paymentId);
      return payment === null ? 0 : payment.capturedMinor - payment.refundedMinor;
    },
  };
}

export const newPaymentId = (): string => `pay_${randomBytes(16).toString('hex')}`;
