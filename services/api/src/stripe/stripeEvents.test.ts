import { readChangedPayment } from './stripeEvents';

const read = (type: string, object: Record<string, unknown>) =>
  readChangedPayment({ id: 'evt_1', type, livemode: false, data: { object } });

describe.each([
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.refunded',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
])('an event %s of Stripe', (type) => {
  it.each([
    ['its metadata', { metadata: { payment_id: 'pay_1' }, payment_intent: 'pi_1' }, { paymentId: 'pay_1' }],
    ['its PaymentIntent', { metadata: {}, payment_intent: 'pi_1' }, { intent: 'pi_1' }],
    ['its PaymentIntent, without metadata', { payment_intent: 'pi_1' }, { intent: 'pi_1' }],
    ['nothing', { metadata: null, payment_intent: null }, null],
  ])('names its payment by %s', (_what, object, changed) => {
    expect(read(type, object)).toEqual(changed);
  });
});

it('an event of another type names no payment with changed refunds', () => {
  expect(read('customer.created', { payment_intent: 'pi_1' })).toBeNull();
});
