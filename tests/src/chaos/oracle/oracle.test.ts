import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sharedServers } from '../../support/env';
import { readHistories } from '../../support/histories/histories';
import { type Evidence, files } from '../evidence';
import type { InvariantName } from './anomaly';
import { price, readOf, soundEvidence, victimKey } from './fixture';
import { judge } from '.';
import { judgeReplays } from './replay';

type Row = Evidence['database']['orders'][number];

/** Returns the restock during the load, not the one before it. */
const restockIn = ({ database }: Evidence) => found(database.movements.findLast(({ kind }) => kind === 'restock'));
const orderOf = ({ database }: Evidence, key: string): Row => found(database.orders.find((order) => order.key === key));
const checkoutOf = ({ operations }: Evidence, key: string) =>
  found(operations.find(({ f, request }) => f === 'checkout' && request.key === key));
const runOf = ({ runs }: Evidence, workflowId: string) => found(runs.find((run) => run.workflowId === workflowId));
const refundRequestIn = ({ operations }: Evidence) => found(operations.find(({ f }) => f === 'refund'));
const chargeOf = ({ charges }: Evidence, paymentId: string) =>
  found(charges.find((charge) => charge.paymentId === paymentId));

function found<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new Error('the fixture does not contain what the test needs');
  return item;
}

/**
 * Each change adds an anomaly of the named invariant to a run without anomalies. The change may also cause other
 * anomalies.
 */
const breakages: [InvariantName, string, (evidence: Evidence) => void][] = [
  [
    'I1',
    'an inventory that differs from the sum of its movements',
    ({ database }) => (found(database.products[0]).inventory += 1),
  ],
  [
    'I1',
    'a negative inventory in a snapshot',
    ({ snapshots }) => Object.assign(found(snapshots[1]), { inventory: -1, moved: -1 }),
  ],
  [
    'I1',
    'a snapshot whose inventory differs from the sum of its movements',
    ({ snapshots }) => (found(snapshots[0]).inventory = 2),
  ],
  [
    'I1',
    'a cancelled order that still holds stock',
    ({ database }) => {
      database.movements.pop();
      found(database.products[0]).inventory -= 1;
    },
  ],
  [
    'I2',
    'two orders with one key',
    ({ database }) => database.orders.push({ ...found(database.orders[0]), orderId: 'ord_other' }),
  ],
  ['I2', 'an order with a key that nobody sent', ({ database }) => (found(database.orders[0]).key = 'nobody')],
  [
    'I2',
    'two different answers to one key',
    ({ operations }) =>
      operations.push({
        ...found(operations[0]),
        id: 99,
        response: { status: 200, orderId: 'ord_dispatched', paymentId: 'pay_other' },
      }),
  ],
  ['I2', 'an answer for another cart', (evidence) => (checkoutOf(evidence, 'dispatched').request.cart = [[1, 7]])],
  ['I3', 'a dispatched order that nobody has paid', ({ charges }) => void charges.shift()],
  [
    'I3',
    'a late payment that is kept',
    (evidence) => Object.assign(chargeOf(evidence, 'pay_late'), { refundedMinor: 0, refunds: [] }),
  ],
  [
    'I3',
    'a refund that was made twice',
    (evidence) =>
      chargeOf(evidence, 'pay_late').refunds.push({ gatewayRefundId: 're_2', amountMinor: 0, status: 'succeeded' }),
  ],
  [
    'I3',
    'refunds of more than was captured, at the gateway and in the rows',
    (evidence) => {
      const refund = { gatewayRefundId: 're_3', amountMinor: price, status: 'succeeded' } as const;
      const [order, charge] = [orderOf(evidence, 'refunded'), chargeOf(evidence, 'pay_refunded')];
      charge.refunds.push(refund);
      charge.refundedMinor += price;
      order.refunds.push({ ...refund, refundId: 'ref_3', source: 'gateway', settledBy: null });
      order.refundedMinor += price;
    },
  ],
  [
    'I3',
    'a refund that has another status at the gateway',
    (evidence) => (found(chargeOf(evidence, 'pay_refunded').refunds[0]).status = 'failed'),
  ],
  [
    'I3',
    'a dispute that the order does not show',
    (evidence) =>
      chargeOf(evidence, 'pay_refunded').disputes.push({ gatewayDisputeId: 'dp_1', amountMinor: 1, status: 'open' }),
  ],
  [
    'I2',
    'two refunds of one key',
    (evidence) => {
      const { operations } = evidence;
      const repeated = refundRequestIn(evidence);
      operations.push({ ...repeated, id: 97, response: { ...repeated.response, refundId: 'ref_x' } });
    },
  ],
  [
    'I2',
    'one refund for two keys',
    (evidence) => {
      const repeated = refundRequestIn(evidence);
      evidence.operations.push({ ...repeated, id: 97, request: { ...repeated.request, key: 'refund-2' } });
    },
  ],
  ['I2', 'a refund that no operator requested', (evidence) => (refundRequestIn(evidence).outcome = 'fail')],
  [
    'I2',
    'a refund at the gateway that nobody made in the dashboard',
    (evidence) => (found(orderOf(evidence, 'refunded').refunds[0]).source = 'gateway'),
  ],
  [
    'I1',
    'a unit that came back although no refund returns it',
    (evidence) => (refundRequestIn(evidence).request.restock = []),
  ],
  [
    'I4',
    'an accepted refund that does not exist',
    (evidence) => (found(orderOf(evidence, 'refunded').refunds[0]).refundId = 'ref_other'),
  ],
  ['I4', 'an accepted refund of another amount', (evidence) => (refundRequestIn(evidence).request.amountMinor = 2999)],
  [
    'I4',
    'an accepted refund that failed without a reason',
    (evidence) => (found(orderOf(evidence, 'refunded').refunds[0]).status = 'failed'),
  ],
  [
    'I4',
    'a refund that the dashboard confirmed but that does not exist',
    ({ operations }) => operations.push({ ...readOf('refunded', 3, { refundId: 're_9' }), f: 'refund_in_dashboard' }),
  ],
  ['I3', 'a charge without an order', ({ charges }) => charges.push({ ...found(charges[0]), paymentId: 'pay_nobody' })],
  [
    'I4',
    'an order that a response names but that does not exist',
    (evidence) => (evidence.database.orders = evidence.database.orders.slice(1)),
  ],
  [
    'I4',
    'a payment that the gateway confirmed but that it does not have',
    (evidence) => (chargeOf(evidence, 'pay_dispatched').status = 'open'),
  ],
  ['I4', 'a payment page that the gateway does not know', ({ charges }) => void charges.pop()],
  ['I4', 'a confirmed restock without a movement during the load', (evidence) => (restockIn(evidence).kind = 'seed')],
  ['I4', 'a restock of another product', (evidence) => (restockIn(evidence).productId = 3)],
  [
    'I4',
    'a restock that was answered before it was made',
    (evidence) => (restockIn(evidence).createdAt = '2030-01-01T00:00:08.000Z'),
  ],
  [
    'I4',
    'a confirmed cancellation of an order that is not cancelled',
    ({ operations }) => operations.push({ ...readOf('dispatched', 3, {}), f: 'cancel' }),
  ],
  [
    'I4',
    'a sold-out answer without its order',
    (evidence) => (orderOf(evidence, 'soldOut').cancelReason = 'cancelled'),
  ],
  ['I5', 'an order that is still pending', (evidence) => (orderOf(evidence, victimKey).status = 'PENDING')],
  ['I5', 'a refund that has not ended', (evidence) => (orderOf(evidence, 'late').paymentStatus = 'refunding')],
  ['I5', 'a run that is still open', ({ runs }) => (found(runs[0]).status = 'RUNNING')],
  [
    'I6',
    'a status that goes backwards',
    ({ operations }) =>
      operations.push(readOf('dispatched', 5, { orderStatus: 'PENDING', paymentStatus: 'pending', progress: 10 })),
  ],
  [
    'I6',
    'a progress that goes backwards',
    ({ operations }) =>
      operations.push(readOf('dispatched', 5, { orderStatus: 'PAID', paymentStatus: 'paid', progress: 8 })),
  ],
  [
    'I7',
    'a forged webhook that was accepted',
    ({ operations }) => (found(operations.find(({ f }) => f === 'forged')).outcome = 'ok'),
  ],
  [
    'I7',
    'an order that a forged webhook has declined',
    (evidence) => (orderOf(evidence, victimKey).paymentStatus = 'failed'),
  ],
  ['I7', 'an order of an invalid request', (evidence) => (orderOf(evidence, victimKey).key = 'invalid-1')],
  [
    'I8',
    'an order that was sold out although there was enough',
    ({ database }) => {
      found(database.movements[0]).quantity += 1;
      found(database.products[0]).inventory += 1;
    },
  ],
  [
    'I9',
    'a run that returned another order',
    (evidence) =>
      (runOf(evidence, 'checkout/late').result = { orderId: 'ord_x', paymentId: 'pay_late', status: 'CANCELLED' }),
  ],
  [
    'I9',
    'a run that returned CANCELLED for a dispatched order',
    (evidence) => Object.assign(runOf(evidence, 'checkout/dispatched').result as object, { status: 'CANCELLED' }),
  ],
  [
    'I9',
    'a run that was terminated and not replaced',
    (evidence) => (runOf(evidence, 'checkout/late').status = 'TERMINATED'),
  ],
  ['I9', 'a run that failed', (evidence) => (runOf(evidence, 'checkout/late').status = 'FAILED')],
  ['I9', 'a refund that no run made', ({ runs }) => void runs.pop()],
  ['I10', 'a tick that was skipped', ({ database }) => void database.ticks.splice(4, 1)],
  ['I10', 'a tick that was made twice', ({ database }) => void database.ticks.splice(4, 0, found(database.ticks[4]))],
  ['I10', 'a second dispatch', ({ runs }) => runs.push(found(runs.find(({ type }) => type === 'dispatch')))],
  [
    'I10',
    'a dispatch of an order that nobody has paid',
    ({ runs }) => runs.push({ ...found(runs[0]), type: 'dispatch', workflowId: `dispatch/ord_${victimKey}` }),
  ],
];

describe('the oracle', () => {
  it('finds no anomaly in a sound run', () => {
    expect(judge(soundEvidence())).toEqual([]);
  });

  it.each(breakages)('%s: finds %s', (invariant, _what, breakIt) => {
    const evidence = soundEvidence();
    breakIt(evidence);
    expect(judge(evidence).map((anomaly) => anomaly.invariant)).toContain(invariant);
  });

  it('allows a concurrent read to see an earlier state', () => {
    const evidence = soundEvidence();
    // This read started before the end of the read that saw the payment.
    evidence.operations.push(
      readOf('dispatched', 3.2, { orderStatus: 'PENDING', paymentStatus: 'pending', progress: 10 }),
    );
    expect(judge(evidence)).toEqual([]);
  });

  it('allows a part of a late payment to be refunded at the gateway before the store refunds the payment', () => {
    const evidence = soundEvidence();
    const cancelled = { orderStatus: 'CANCELLED', progress: 10 };
    evidence.operations.push(
      readOf('late', 4, { ...cancelled, paymentStatus: 'expired' }),
      readOf('late', 5, { ...cancelled, paymentStatus: 'partially_refunded' }),
    );
    expect(judge(evidence)).toEqual([]);
  });

  it('allows an operation of unknown outcome to have had no effect', () => {
    const evidence = soundEvidence();
    const lost = { ...checkoutOf(evidence, 'dispatched'), outcome: 'unknown' as const, endMs: Infinity, response: {} };
    evidence.operations.push({ ...lost, id: 98, request: { key: 'never-arrived', cart: [[1, 1]], to: 'api' } });
    evidence.operations.push({ ...lost, id: 99, f: 'cancel', request: { orderId: 'ord_dispatched', to: 'api' } });
    expect(judge(evidence)).toEqual([]);
  });

  describe('on histories', () => {
    const folder = mkdtempSync(join(tmpdir(), 'oracle-'));
    afterAll(() => rmSync(folder, { recursive: true }));

    const replay = (histories: object[]) => {
      const lines = histories.map(
        (history, index) => `${JSON.stringify({ workflowId: `run-${index}`, status: 'COMPLETED', history })}\n`,
      );
      writeFileSync(join(folder, files.temporalHistories), lines.join(''));
      return judgeReplays(folder, sharedServers().bundlePath);
    };

    it('I9: finds a history that the code did not produce', async () => {
      const recorded = (await readHistories()) as Record<string, { events: object[] }>;
      const [paid, declined] = [recorded['paid'], recorded['declined']];
      if (paid === undefined || declined === undefined) throw new Error('these histories are not recorded');
      const spliced = { events: [...declined.events.slice(0, 12), ...paid.events.slice(12)] };
      expect(await replay([paid, declined])).toEqual([]);
      expect(await replay([paid, spliced])).toEqual([{ invariant: 'I9', what: expect.stringContaining('run-1') }]);
    });
  });
});
