import type { Environment } from '@widget-store/dev';
import { type FaultyProxy, startFaultyProxy } from '../network/faultyProxy';
import { testGateway } from './gateway';
import type { TestStore } from '../store/store';

/** A payment gateway for the contract test: the actions of shoppers, its events and its ledger. */
export interface GatewayUnderTest {
  /** The variables with which a store uses this gateway. */
  environment: { api: Environment; worker: Environment };
  /** The proxy between the store and the gateway. */
  proxy: FaultyProxy;
  /** Sends the gateway's events to this store. */
  serve(store: TestStore): Promise<void>;
  /** Pays on the page of the payment. @returns false when it can no longer be paid */
  pay(paymentId: string): Promise<boolean>;
  /** Declines the payment on its page. */
  decline(paymentId: string): Promise<void>;
  /** Pays another amount than the order's. @param openPage opens the page as the shopper does */
  payOther(paymentId: string, amountMinor: number, openPage: () => Promise<unknown>): Promise<void>;
  /** Sets what goes wrong with its events. */
  behave(behaviour: { duplicates?: number; lose?: true }): Promise<void>;
  /** Repeats the payment's last event. */
  tellAgain(paymentId: string): Promise<void>;
  /** What was captured and not refunded. */
  keptMinor(paymentId: string): Promise<number>;
  /** The number of refunds. */
  refunds(paymentId: string): Promise<number>;
  /** Invalid calls of the store. */
  complaints(): string[];
  close(): Promise<void>;
}

/** The sandbox gateway of the test store. */
export async function sandboxUnderTest(): Promise<GatewayUnderTest> {
  let store: TestStore | undefined;
  const served = (): TestStore => {
    if (store === undefined) throw new Error('the store does not run yet');
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
    complaints: () => [],
    close: () => proxy.close(),
  };
}
