import type { PaymentPageBody } from '@widget-store/api';
import { eventually } from '../eventually';
import { type TestGateway, testGateway } from './gateway';
import { type KeyAnswer, untilNoViolations } from '../store/invariants';
import { type Answer, bearer, json, newKey, type Shopper, shopperOf } from '../http/shopper';
import type { TestStore } from '../store/store';
import { deliverSigned } from './webhooks';

export interface Charge {
  key: string;
  paymentId: string;
  orderId: string;
}

/**
 * Shoppers who pay at the gateway of a tested store. The gateway loses its own webhooks. The test sends each webhook
 * instead, at a time that the test chooses.
 */
export interface Till {
  shopper: Shopper;
  gateway: TestGateway;
  /** Opens the payment page. Reserves stock first, unless the key already has an order. */
  open(key?: string): Promise<Charge>;
  pay(charge: Charge): Promise<void>;
  /** Reserves stock and pays. No webhook is sent yet. */
  charge(): Promise<Charge>;
  /** Sends a signed webhook, and repeats it while the store answers 503. */
  tell(charge: Charge, status: string): Promise<Answer>;
  /** Sends `POST /order/{id}/cancel`, and repeats it while the store answers 503. */
  cancel(charge: Charge): Promise<Answer>;
  /** Sends `POST /order/{id}/refunds` as an operator, and repeats it while the store answers 503. */
  refund(charge: Charge, body: { amount_minor?: number; restock?: object[] }, key?: string): Promise<Answer>;
  /** Sends `POST /order/{id}/ship` as an operator, and repeats it while the store answers 503. */
  ship(charge: Pick<Charge, 'orderId'>, body?: object): Promise<Answer>;
  /** Sends `PUT /order/{id}/shipment` as an operator, with `version` as its `If-Match`. */
  correctShipment(charge: Pick<Charge, 'orderId'>, body: object, version?: string): Promise<Answer>;
  /** Repeats the checkout with the same key, and records the answer. */
  checkoutAgain(charge: Charge): Promise<void>;
  /** Waits until no invariant of stock, keys or money is violated. See `untilNoViolations`. */
  expectExact(): Promise<void>;
}

export async function openTill(store: TestStore): Promise<Till> {
  const { webhookSecret: secret, adminToken, sql } = store;
  const shopper = shopperOf(store.apiUrl);
  const gateway = testGateway({ url: store.gatewayUrl, apiKey: store.gatewayApiKey });
  const answers: KeyAnswer[] = [];
  await gateway.behave({ lose: true });

  const patiently = (send: () => Promise<Answer>): Promise<Answer> => eventually(send, ({ status }) => status !== 503);
  const reserve = async (key: string): Promise<string> => {
    const { status, text: paymentId } = await patiently(() => shopper.checkout(key));
    if (status !== 200) throw new Error(`checkout answered ${status}: ${paymentId}`);
    answers.push({ key, paymentId });
    return paymentId;
  };
  const till: Till = {
    shopper,
    gateway,
    open: async (key = newKey()) => {
      const paymentId = await reserve(key);
      const { text } = await patiently(() => shopper.send('POST', `/payment/${paymentId}/page`));
      return { key, paymentId, orderId: (JSON.parse(text) as PaymentPageBody).order_id };
    },
    pay: ({ paymentId }) => gateway.settle(paymentId, 'pay'),
    charge: async () => {
      const charge = await till.open();
      await till.pay(charge);
      return charge;
    },
    tell: ({ paymentId }, status) => deliverSigned(shopper, { secret }, { paymentId, status }),
    cancel: ({ orderId }) => patiently(() => shopper.send('POST', `/order/${orderId}/cancel`)),
    refund: ({ orderId }, body, key = newKey()) =>
      patiently(() =>
        shopper.send('POST', `/order/${orderId}/refunds`, {
          headers: { ...json, ...bearer(adminToken), 'Idempotency-Key': key },
          body: JSON.stringify(body),
        }),
      ),
    ship: ({ orderId }, body = {}) =>
      patiently(() =>
        shopper.send('POST', `/order/${orderId}/ship`, {
          headers: { ...json, ...bearer(adminToken) },
          body: JSON.stringify(body),
        }),
      ),
    correctShipment: ({ orderId }, body, version = '*') =>
      shopper.send('PUT', `/order/${orderId}/shipment`, {
        headers: { ...json, ...bearer(adminToken), 'If-Match': version },
        body: JSON.stringify(body),
      }),
    checkoutAgain: async ({ key }) => {
      await reserve(key);
    },
    expectExact: async () => {
      expect(await untilNoViolations({ sql, gateway, answers })).toEqual([]);
    },
  };
  return till;
}
