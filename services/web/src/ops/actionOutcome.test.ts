import { StoreFailure } from '../failures.js';
import { outcomeOf } from './actionOutcome.js';
import type { OrderReport } from './api.js';
import type { OpsAction } from './queries.js';

const refundAction: OpsAction = {
  name: 'refund',
  orderId: 'ord_1',
  key: 'k',
  request: { amount_minor: 100, restock: [] },
};
const cancel = { name: 'cancel', orderId: 'ord_1' } as const;
const pending = { refund_id: 'ref_1', status: 'pending', settled_by: null, gateway_refund_id: null };
const report = (order: object = {}) =>
  ({ order: { status: 'PAID', items: [], refunds: [], ...order }, buyer: null }) as unknown as OrderReport;
const failed = { error: new StoreFailure({ code: 'unavailable' }), before: report(), now: report(), isRead: true };

test('a refund that the store has recorded during an outage is no error', () => {
  expect(outcomeOf({ ...failed, action: refundAction, now: report({ refunds: [pending] }) })).toEqual({
    recorded: 'Your refund is recorded and will be made when the store is back.',
    problem: null,
  });
});

test('the error after an outage says what is known about the action', () => {
  expect(outcomeOf({ ...failed, action: refundAction }).problem).toBe(
    'Nothing was done. Press again when the store is back.',
  );
  expect(outcomeOf({ ...failed, action: cancel }).problem).toBe(
    'The order has not changed yet. If it does not change, press again when the store is back.',
  );
  expect(outcomeOf({ ...failed, action: refundAction, isRead: false }).problem).toMatch(/^The store does not answer\./);
});

test('the error disappears after the order has changed', () => {
  const now = report({ status: 'CANCELLED' });
  expect(outcomeOf({ ...failed, action: cancel, now })).toEqual({ recorded: null, problem: null });
  const made = report({ refunds: [{ ...pending, status: 'succeeded', gateway_refund_id: 're_1' }] });
  expect(outcomeOf({ ...failed, action: refundAction, now: made })).toEqual({ recorded: null, problem: null });
});

test('a refusal keeps its reason, although the order has changed', () => {
  const error = new StoreFailure({ code: 'refused', detail: 'The order is cancelled.' });
  expect(outcomeOf({ ...failed, error, action: cancel, now: report({ status: 'CANCELLED' }) }).problem).toBe(
    'The order is cancelled.',
  );
});
