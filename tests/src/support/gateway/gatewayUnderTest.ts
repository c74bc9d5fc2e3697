import type { Environment } from '@widget-store/dev';
import { type FaultyProxy, startFaultyProxy } from '../network/faultyProxy';
import { type DashboardActions, testGateway } from './gateway';
import type { TestStore } from '../store/store';

/** A payment gateway in the contract test. The test can act as a shopper, control the events and read the ledger. */
export interface GatewayUnderTest extends DashboardActions {
  /** The environment variables with which a store uses this gateway. */
  environment: { api: Environment; worker: Environment };
  proxy: FaultyProxy;
  /** Sets the store that uses this gateway. The methods below need it. */
  serve(store: TestStore): Promise<void>;
  /** Pays on the payment page. Resolves with false if the payment can no longer be paid. */
  pay(paymentId: string): Promise<boolean>;
  decline(paymentId: string): Promise<void>;
  /**
   * Pays an amount other than the order's total.
   *
   * @param openPage opens the payment page, as a shopper does
   */
  payOther(paymentId: string, amountMinor: number, openPage: () => Promise<unknown>): Promise<void>;
  /** Sets what goes wrong with the gateway's events. */
  behave(behaviour: { duplicates?: number; lose?: true }): Promise<void>;
  /** Sends the payment's last event again. */
  tellAgain(paymentId: string): Promise<void>;
  /** Returns the amount that was captured and not refunded. */
  keptMinor(paymentId: string): Promise<number>;
  /** Returns the number of refunds. */
  refunds(paymentId: string): Promise<number>;
  /** Returns the requests of the store that the gateway refused as invalid. */
  complaints(): string[];
  close(): Promise<void>;
}

/** Returns the sandbox gateway of the test store, behind a proxy. */
export async function sandboxUnderTest(): Promise<GatewayUnderTest> {
  let store: TestStore | undefined;
  const served = (): TestStore => {
    if (store === undefined) throw new Error('the store is not running yet');
    return store;
  };
  const proxy = await startFaultyProxy(() => served().gatewayUrl);
  const ledger = () => testGateway({ url: served().gatewayUrl, apiKey: served().gatewayApiKey });
  async function call(method: string, path: string, body: object = {}): Promise<Response> {
    const headers = { Authorization: `Bearer ${served().gatewayApiKey}`, 'Content-Type': 'application/json' };
    return fetch(served().gatewayUrl + path, { method, headers, body: JSON.stringify(body) });
  }
  return {
    environment: { api: {}, worker: { GATEWAY_URL: proxy.url } },
    proxy,
    serve: (running) => {
      store = running;
      return Promise.resolve();
    },
    pay: async (paymentId) => (await call('POST', `/sandbox/payments/${paymentId}/pay`)).ok,
    decline: async (paymentId) => void (await call('POST', `/sandbox/payments/${paymentId}/decline`)),
    payOther: async (paymentId, amountMinor) => {
      const opened = { payment_id: paymentId, amount_minor: amountMinor, currency: 'USD', return_url: proxy.url };
      await call('POST', '/v1/payments', opened);
      await call('POST', `/sandbox/payments/${paymentId}/pay`);
    },
    behave: (behaviour) => ledger().behave(behaviour),
    tellAgain: async (paymentId) => void (await call('POST', `/sandbox/payments/${paymentId}/webhooks`)),
    keptMinor: (paymentId) => ledger().keptMinor(paymentId),
    refunds: (paymentId) => ledger().refunds(paymentId),
    refundInDashboard: (paymentId, amountMinor) => ledger().refundInDashboard(paymentId, amountMinor),
    failRefund: (paymentId, gatewayRefundId) => ledger().failRefund(paymentId, gatewayRefundId),
    openDispute: (paymentId, amountMinor) => ledger().openDispute(paymentId, amountMinor),
    closeDispute: (paymentId, gatewayDisputeId, status) => ledger().closeDispute(paymentId, gatewayDisputeId, status),
    complaints: () => [],
    close: () => proxy.close(),
  };
}
