import type { Environment } from '@widget-store/dev';
import { type FaultyProxy, startFaultyProxy } from '../network/faultyProxy';
import { testGateway } from './gateway';
import type { TestStore } from '../store/store';

/** A payment gateway as the contract test sees it: what shoppers do there, what it tells the store, what it keeps. */
export interface GatewayUnderTest {
  /** What makes a store use it. */
  environment: { api: Environment; worker: Environment };
  /** Between the store and the gateway. */
  proxy: FaultyProxy;
  /** Once the store runs: its events go there. */
  serve(store: TestStore): Promise<void>;
  /** Pays on the page of the payment. @returns false when the page cannot be paid any more */
  pay(paymentId: string): Promise<boolean>;
  /** Leaves it with a payment that fails. */
  decline(paymentId: string): Promise<void>;
  /** Another amount than the order's is paid. @param openPage as the shopper does it */
  payOther(paymentId: string, amountMinor: number, openPage: () => Promise<unknown>): Promise<void>;
  /** What goes wrong with its events from now on. */
  behave(behaviour: { duplicates?: number; lose?: true }): Promise<void>;
  /** Sends the payment's last event once more. */
  tellAgain(paymentId: string): Promise<void>;
  /** Captured and not given back. */
  keptMinor(paymentId: string): Promise<number>;
  /** How often money went back. */
  refunds(paymentId: string): Promise<number>;
  /** What it found wrong with the store's calls, apart from what the test wanted. */
  complaints(): string[];
  close(): Promise<void>;
}

/** The sandbox gateway that every store of the tests starts. */
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
