import type { OrderReportBody } from '@widget-store/api';
import { moneyFacts } from './moneyFacts.js';

const report = (order: object, disputes: object[] = []) =>
  ({
    order: {
      currency: 'USD',
      payment_status: 'paid',
      captured_minor: 14_900,
      refunded_minor: 0,
      disputed_minor: 0,
      refunds: [],
      ...order,
    },
    disputes,
  }) as unknown as OrderReportBody;

test('a refund is shown as pending until it is made', () => {
  const refunds = [
    { status: 'succeeded', amount_minor: 4900 },
    { status: 'pending', amount_minor: 10_000 },
    { status: 'failed', amount_minor: 500 },
  ];
  const facts = moneyFacts(report({ refunds, refunded_minor: 14_900, payment_status: 'refunding' }));
  expect(Object.fromEntries(facts)).toMatchObject({ Refunded: '$49.00', 'Refund pending': '$100.00' });
  expect(Object.fromEntries(moneyFacts(report({})))).toMatchObject({ Refunded: null, 'Refund pending': null });
});

test('the payment says how much is lost in a dispute', () => {
  const dispute = (status: string) => ({ status, amount_minor: 14_900 });
  const payment = (status: string) => moneyFacts(report({ disputed_minor: 14_900 }, [dispute(status)]))[0];
  expect(payment('lost')).toEqual(['Payment', 'Paid, but $149.00 is lost in a dispute']);
  expect(payment('open')).toEqual(['Payment', 'Paid']);
});
