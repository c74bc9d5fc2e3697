import type { ListingGateway } from '@widget-store/activities';
import type { FailureType } from '@widget-store/contract';
import { testGateway } from './gateway';

export interface FlakyGateway extends ListingGateway {
  /** From now on, every call about this payment fails with this code. */
  failFor(paymentId: string, code: FailureType): void;
  failList(code: FailureType): void;
  /** Delays `createPayment` of this payment until the returned function is called. */
  holdPage(paymentId: string): () => void;
  heal(): void;
}

export function flakyGateway(): FlakyGateway {
  const gateway = testGateway();
  const failing = new Map<string, FailureType>();
  const held = new Map<string, Promise<void>>();
  const list = 'list';
  const ask = <T>(what: string, call: () => Promise<T>): Promise<T> => {
    const code = failing.get(what);
    return code === undefined ? call() : Promise.reject(gatewayError(code));
  };
  return {
    createPayment: async (payment) => {
      await held.get(payment.paymentId);
      return ask(payment.paymentId, () => gateway.createPayment(payment));
    },
    closePayment: (paymentId) => ask(paymentId, () => gateway.closePayment(paymentId)),
    getBuyer: (paymentId) => ask(paymentId, () => gateway.getBuyer(paymentId)),
    getPayment: (paymentId) => ask(paymentId, () => gateway.getPayment(paymentId)),
    refund: (refund) => ask(refund.paymentId, () => gateway.refund(refund)),
    listPayments: (page) => ask(list, () => gateway.listPayments(page)),
    failFor: (paymentId, code) => void failing.set(paymentId, code),
    failList: (code) => void failing.set(list, code),
    holdPage: (paymentId) => {
      let letGo = (): void => {};
      held.set(paymentId, new Promise((resolve) => (letGo = resolve)));
      return letGo;
    },
    heal: () => failing.clear(),
  };
}

/** Returns an error that looks like a `GatewayError`. Unlike a `GatewayError`, it can have any failure type as code. */
function gatewayError(code: FailureType): Error {
  return Object.assign(new Error('the test makes this call fail'), { name: 'GatewayError', code });
}
