import { isIdempotencyKey, isOrderId, isPaymentId, orderIdFrom, paymentIdFrom } from './ids';
import { checkoutWorkflowId, dispatchWorkflowId } from './names';

const randomHex = '00112233445566778899aabbccddeeff';

describe('idempotency keys', () => {
  it.each(['a', 'A-b_9', 'k'.repeat(200)])('%s is valid', (key) => {
    expect(isIdempotencyKey(key)).toBe(true);
  });

  it.each(['', 'k'.repeat(201), 'a b', 'a/b', 'a\n', 'ä', "'; drop table orders; --", '__proto__.x'])(
    '%j is not valid',
    (key) => {
      expect(isIdempotencyKey(key)).toBe(false);
    },
  );
});

describe('order and payment ids', () => {
  it('have different prefixes', () => {
    expect([isOrderId(orderIdFrom(randomHex)), isPaymentId(paymentIdFrom(randomHex))]).toEqual([true, true]);
    expect([isOrderId(paymentIdFrom(randomHex)), isPaymentId(orderIdFrom(randomHex))]).toEqual([false, false]);
  });

  it.each(['', 'ord_', 'ord_xyz', `ord_${randomHex}0`, `ORD_${randomHex}`, `ord_${randomHex}\n`])(
    '%j is no order id',
    (text) => {
      expect(isOrderId(text)).toBe(false);
    },
  );
});

describe('workflow ids', () => {
  it('are the business ids with the name of the workflow as a prefix', () => {
    expect(checkoutWorkflowId('key-1')).toBe('checkout/key-1');
    expect(dispatchWorkflowId('ord_1')).toBe('dispatch/ord_1');
  });
});
