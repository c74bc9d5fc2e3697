import { readFileSync } from 'node:fs';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory, type TemporaryDirectory } from '../temporaryDirectory';
import { type Ledger, openLedger } from './ledger';
import type { Delivery } from './deliveryQueue';
import { disputableMinor } from './payment';
import { defaultBehaviour } from './records';

const request = { paymentId: 'pay_1', amountMinor: 1000, currency: 'USD', returnUrl: 'http://localhost/order' };
const second = { ...request, paymentId: 'pay_2' };

let directory: TemporaryDirectory;
let opened: Ledger[];

beforeEach(async () => {
  directory = await temporaryDirectory();
  opened = [];
});

afterEach(async () => {
  await Promise.all(opened.map((ledger) => ledger.close()));
  await directory.remove();
});

/** Opens the ledger without closing an earlier one, as a process does after a kill. */
async function open(options: { now?: () => number; onFailure?: (error: unknown) => void } = {}): Promise<Ledger> {
  const onFailure = (error: unknown): never => {
    throw error;
  };
  const ledger = await openLedger({ directory: directory.path, onFailure, ...options });
  opened.push(ledger);
  return ledger;
}

/** Returns the deliveries of a ledger, in the order in which the ledger reports them. */
function watch(ledger: Ledger): Delivery[] {
  const deliveries: Delivery[] = [];
  ledger.onDelivery((delivery) => deliveries.push(delivery));
  return deliveries;
}

const journal = () => join(directory.path, 'journal.jsonl');
const pay = (ledger: Ledger, paymentId = request.paymentId) => ledger.settle({ paymentId, outcome: 'paid' });

describe('payments', () => {
  test('a payment is opened once, and another amount or currency is refused', async () => {
    const ledger = await open();
    const first = await ledger.open(request);

    expect(first).toMatchObject({ ...request, outcome: undefined, capturedMinor: 0, refundedMinor: 0 });
    expect(await ledger.open({ ...request, returnUrl: 'http://localhost/other' })).toEqual(first);
    await expect(ledger.open({ ...request, amountMinor: 1 })).rejects.toMatchObject({ code: 'payment_mismatch' });
    await expect(ledger.open({ ...request, currency: 'EUR' })).rejects.toMatchObject({ code: 'payment_mismatch' });
  });

  test('concurrent requests to pay capture once and send one webhook', async () => {
    const ledger = await open();
    const deliveries = watch(ledger);
    await ledger.open(request);

    const answers = await Promise.all(Array.from({ length: 20 }, () => pay(ledger)));

    expect(new Set(answers.map((payment) => payment.event?.eventId)).size).toBe(1);
    expect(answers.every(({ capturedMinor }) => capturedMinor === 1000)).toBe(true);
    expect(deliveries).toHaveLength(1);
  });

  test('a payment keeps its first outcome', async () => {
    const ledger = await open();
    await ledger.open(request);
    await ledger.settle({ paymentId: 'pay_1', outcome: 'declined' });

    expect(await pay(ledger)).toMatchObject({ outcome: 'declined', capturedMinor: 0, event: { status: 'failed' } });
    await expect(pay(ledger, 'pay_unknown')).rejects.toMatchObject({ code: 'payment_unknown' });
  });

  test('are listed in the order of their last change, page by page, even if the clock goes backwards', async () => {
    let nowMs = Date.parse('2026-01-01T00:00:10Z');
    const ledger = await open({ now: () => (nowMs -= 1000) });
    for (const paymentId of ['pay_1', 'pay_2', 'pay_3']) await ledger.open({ ...request, paymentId });
    await pay(ledger, 'pay_1');

    const all = await ledger.list({ updatedSince: undefined, afterRevision: 0, limit: 2 });
    const rest = await ledger.list({ updatedSince: undefined, afterRevision: 3, limit: 2 });

    expect(all.payments.map(({ paymentId }) => paymentId)).toEqual(['pay_2', 'pay_3']);
    expect(all).toMatchObject({ hasMore: true, payments: [{ revision: 2 }, { revision: 3 }] });
    expect(rest).toMatchObject({ hasMore: false, payments: [{ paymentId: 'pay_1' }] });
    const since = { updatedSince: '2026-01-01T00:00:10Z', afterRevision: 0, limit: 10 };
    expect(await ledger.list(since)).toEqual({ hasMore: false, payments: [] });
  });
});

describe('refunds', () => {
  const refund = { paymentId: 'pay_1', idempotencyKey: 'key-1', amountMinor: 600 };

  test('one key makes one refund, even with concurrent calls and after a restart', async () => {
    const ledger = await open();
    await ledger.open(request);
    await pay(ledger);

    const answers = await Promise.all(Array.from({ length: 20 }, () => ledger.refund(refund)));
    const later = await (await open()).refund(refund);

    expect(new Set([...answers, later].map(({ refundId }) => refundId)).size).toBe(1);
    expect(await ledger.find('pay_1')).toMatchObject({ refundedMinor: 600, refunds: [later] });
  });

  test('never exceed the captured amount, and a key cannot be used with another amount', async () => {
    const ledger = await open();
    await ledger.open(request);
    await expect(ledger.refund(refund)).rejects.toMatchObject({ code: 'refund_too_large' });
    await pay(ledger);
    await ledger.refund(refund);

    const more = ledger.refund({ ...refund, idempotencyKey: 'key-2', amountMinor: 401 });
    await expect(more).rejects.toMatchObject({ code: 'refund_too_large' });
    await expect(ledger.refund({ ...refund, amountMinor: 1 })).rejects.toMatchObject({ code: 'refund_mismatch' });
    await ledger.refund({ ...refund, idempotencyKey: 'key-2', amountMinor: 400 });
    expect(await ledger.find('pay_1')).toMatchObject({ capturedMinor: 1000, refundedMinor: 1000 });
  });
});

describe('after a payment', () => {
  const refund = { paymentId: 'pay_1', idempotencyKey: 'key-1', amountMinor: 600 };
  const dispute = { paymentId: 'pay_1', idempotencyKey: 'key-1', amountMinor: 1000, reason: 'fraudulent' };

  /** Returns a ledger with a paid payment of 10.00, and the types of the events after the settlement. */
  async function paid() {
    const ledger = await open();
    const deliveries = watch(ledger);
    await ledger.open(request);
    await pay(ledger);
    const types = () => deliveries.slice(1).map(({ event }) => 'type' in event && event.type);
    return { ledger, types };
  }

  test('the dashboard makes one refund per key, and the store makes its own with the same key', async () => {
    const { ledger, types } = await paid();
    const byHand = { ...refund, amountMinor: 100, status: 'succeeded' } as const;
    const [made] = await Promise.all([ledger.refundInDashboard(byHand), ledger.refundInDashboard(byHand)]);

    expect(made).toMatchObject({ madeBy: 'dashboard', status: 'succeeded' });
    expect((await ledger.refund(refund)).refundId).not.toBe(made.refundId);
    const tooMuch = ledger.refundInDashboard({ ...byHand, idempotencyKey: 'key-2', amountMinor: 301 });
    await expect(tooMuch).rejects.toMatchObject({ code: 'refund_too_large' });
    expect(await ledger.find('pay_1')).toMatchObject({ refundedMinor: 700 });
    expect(types()).toEqual(['refund.created', 'refund.created']);
  });

  test.each(['pending', 'failed'] as const)('only the next refund of the store is %s', async (status) => {
    const { ledger } = await paid();
    const before = await ledger.find('pay_1');
    await ledger.setNextRefund({ paymentId: 'pay_1', status });
    expect(await ledger.find('pay_1')).toMatchObject({ updatedAt: before?.updatedAt, revision: before?.revision });
    await ledger.refundInDashboard({ ...refund, amountMinor: 1, status: 'succeeded' });

    expect(await ledger.refund(refund)).toMatchObject({ status });
    expect(await (await open()).refund(refund)).toMatchObject({ status });
    const next = await ledger.refund({ ...refund, idempotencyKey: 'key-2', amountMinor: 100 });
    expect(next).toMatchObject({ status: 'succeeded' });
    expect(await ledger.find('pay_1')).toMatchObject({ refundedMinor: status === 'failed' ? 101 : 701 });
  });

  test('a pending refund succeeds and later fails, and then its amount can be refunded again', async () => {
    const { ledger, types } = await paid();
    const { refundId } = await ledger.refundInDashboard({ ...refund, status: 'pending' });
    const end = { paymentId: 'pay_1', refundId };

    await ledger.endRefund({ ...end, status: 'succeeded' });
    expect(await ledger.find('pay_1')).toMatchObject({ refundedMinor: 600 });
    await ledger.endRefund({ ...end, status: 'failed' });
    expect(await ledger.endRefund({ ...end, status: 'failed' })).toMatchObject({ status: 'failed' });
    await expect(ledger.endRefund({ ...end, status: 'succeeded' })).rejects.toMatchObject({ code: 'refund_failed' });
    const unknown = ledger.endRefund({ ...end, refundId: 're_unknown', status: 'failed' });
    await expect(unknown).rejects.toMatchObject({ code: 'refund_unknown' });

    expect(await ledger.find('pay_1')).toMatchObject({ refundedMinor: 0 });
    expect(types()).toEqual(['refund.created', 'refund.updated', 'refund.failed']);
    expect(await ledger.refund({ ...refund, amountMinor: 1000 })).toMatchObject({ status: 'succeeded' });
  });

  test.each([
    ['won', 1000],
    ['lost', 0],
  ] as const)('a dispute is opened once and %s once, and then %d can still be disputed', async (status, leftMinor) => {
    const { ledger, types } = await paid();
    const [{ disputeId }] = await Promise.all([ledger.openDispute(dispute), ledger.openDispute(dispute)]);
    const more = { ...dispute, idempotencyKey: 'key-2', amountMinor: 1 };
    await expect(ledger.openDispute(more)).rejects.toMatchObject({ code: 'dispute_too_large' });
    await expect(ledger.openDispute({ ...dispute, reason: null })).rejects.toMatchObject({ code: 'dispute_mismatch' });
    const end = { paymentId: 'pay_1', disputeId };

    await ledger.closeDispute({ ...end, status });
    const closed = await ledger.closeDispute({ ...end, status });
    const other = ledger.closeDispute({ ...end, status: status === 'won' ? 'lost' : 'won' });
    await expect(other).rejects.toMatchObject({ code: 'dispute_closed' });
    const unknown = ledger.closeDispute({ ...end, disputeId: 'dp_unknown', status });
    await expect(unknown).rejects.toMatchObject({ code: 'dispute_unknown' });

    expect(await ledger.find('pay_1')).toMatchObject({ disputes: [closed], capturedMinor: 1000, refundedMinor: 0 });
    expect(types()).toEqual(['dispute.created', 'dispute.closed']);
    const payment = await ledger.find('pay_1');
    expect(payment && disputableMinor(payment)).toBe(leftMinor);
  });

  test('each change of a refund or dispute moves the payment to the end of the list', async () => {
    const { ledger } = await paid();
    const { refundId } = await ledger.refundInDashboard({ ...refund, status: 'pending' });
    const { disputeId } = await ledger.openDispute(dispute);
    const changes = [
      () => ledger.refund({ ...refund, amountMinor: 400 }),
      () => ledger.endRefund({ paymentId: 'pay_1', refundId, status: 'failed' }),
      () => ledger.closeDispute({ paymentId: 'pay_1', disputeId, status: 'won' }),
      () => ledger.openDispute({ ...dispute, idempotencyKey: 'key-2' }),
    ];
    for (const [index, change] of changes.entries()) {
      await ledger.open({ ...request, paymentId: `pay_other_${index}` });
      await change();
      const { payments } = await ledger.list({ updatedSince: undefined, afterRevision: 0, limit: 100 });
      expect(payments.at(-1)?.paymentId).toBe('pay_1');
    }
  });
});

describe('the journal', () => {
  test('gives the same state after a kill', async () => {
    const ledger = await open();
    await ledger.open(request);
    await pay(ledger);
    const { refundId } = await ledger.refund({ paymentId: 'pay_1', idempotencyKey: 'key-1', amountMinor: 1 });
    await ledger.setNextRefund({ paymentId: 'pay_1', status: 'failed' });
    await ledger.endRefund({ paymentId: 'pay_1', refundId, status: 'failed' });
    const dispute = { paymentId: 'pay_1', idempotencyKey: 'key-1', amountMinor: 1, reason: null };
    const { disputeId } = await ledger.openDispute(dispute);
    await ledger.closeDispute({ paymentId: 'pay_1', disputeId, status: 'lost' });

    const reopened = await open();

    expect(await reopened.find('pay_1')).toEqual(await ledger.find('pay_1'));
    const [first, ...later] = watch(reopened);
    expect(first).toMatchObject({ event: { paymentId: 'pay_1', status: 'paid' } });
    const types = ['refund.created', 'refund.failed', 'dispute.created', 'dispute.closed'];
    expect(later).toMatchObject(types.map((type) => ({ event: { paymentId: 'pay_1', type } })));
  });

  test('is on disk before the ledger gives an answer that depends on it, even a repeated answer', async () => {
    const ledger = await open();
    await ledger.open(request);
    const written: number[] = [];
    const lines = () => written.push(readFileSync(journal(), 'utf8').split('\n').length - 1);

    await Promise.all([pay(ledger).then(lines), pay(ledger).then(lines), ledger.find('pay_1').then(lines)]);

    expect(written).toEqual([2, 2, 2]);
  });

  test('an incomplete last line is cut off, and later lines are complete', async () => {
    const ledger = await open();
    await ledger.open(request);
    const whole = await readFile(journal(), 'utf8');
    await appendFile(journal(), '{"kind":"payment_settled","paymentId":"pay');

    const reopened = await open();

    expect(await readFile(journal(), 'utf8')).toBe(whole);
    expect(await reopened.find('pay_1')).toMatchObject({ outcome: undefined });
    await pay(reopened);
    expect(await (await open()).find('pay_1')).toMatchObject({ outcome: 'paid' });
  });

  test('a complete line that is damaged is an error, because amounts must not be guessed', async () => {
    await writeFile(journal(), '{"kind":"payment_settled"}\n{}\n');

    await expect(open()).rejects.toThrow("line 1 of the gateway's journal is damaged");
  });

  test('a failed write fails the call and all later calls, and is reported once', async () => {
    const failures: unknown[] = [];
    const ledger = await open({ onFailure: (error) => failures.push(error) });
    await ledger.open(request);
    await ledger.close();

    await expect(pay(ledger)).rejects.toThrow(/closed/);
    await expect(ledger.find('pay_1')).rejects.toThrow(/closed/);
    await expect(ledger.ready()).rejects.toThrow(/closed/);
    expect(failures).toHaveLength(1);
  });
});

describe('deliveries', () => {
  test('are removed when they are delivered, and the next start does not have them', async () => {
    const ledger = await open();
    const deliveries = watch(ledger);
    await ledger.open(request);
    await ledger.open(second);
    await pay(ledger);
    await pay(ledger, 'pay_2');
    const [first] = deliveries;

    await ledger.endDelivery({ deliveryId: first?.deliveryId ?? '', delivered: true });

    expect(watch(await open()).map(({ event }) => event.paymentId)).toEqual(['pay_2']);
  });

  test('have the requested copies and delay, or are not sent', async () => {
    const ledger = await open({ now: () => 0 });
    const deliveries = watch(ledger);
    await ledger.open(request);
    await ledger.open(second);
    await ledger.setBehaviour({ ...defaultBehaviour, duplicates: 2, delayMs: 5000 });
    await pay(ledger);
    await ledger.setBehaviour({ ...defaultBehaviour, lose: true });
    await pay(ledger, 'pay_2');

    expect(deliveries.map(({ dueAt }) => dueAt)).toEqual(Array(3).fill('1970-01-01T00:00:05.000Z'));
    expect(new Set(deliveries.map(({ deliveryId }) => deliveryId)).size).toBe(3);
    expect(new Set(deliveries.map(({ event }) => event.eventId)).size).toBe(1);
  });

  test('if reversed, an older webhook waits for the newer one, even across a restart', async () => {
    const ledger = await open();
    const deliveries = watch(ledger);
    await ledger.open(request);
    await ledger.open(second);
    await ledger.setBehaviour({ ...defaultBehaviour, reverse: true });
    await pay(ledger);
    expect(deliveries).toEqual([]);

    await pay(ledger, 'pay_2');

    const [newer, older] = deliveries;
    expect([newer, older]).toMatchObject([{ event: { paymentId: 'pay_2' } }, { event: { paymentId: 'pay_1' } }]);
    expect(older?.after).toBe(newer?.deliveryId);
    expect(watch(await open())).toEqual(deliveries);
  });

  test('a waiting webhook is sent when webhooks are no longer reversed', async () => {
    const ledger = await open();
    const deliveries = watch(ledger);
    await ledger.open(request);
    await ledger.setBehaviour({ ...defaultBehaviour, reverse: true });
    await pay(ledger);

    await ledger.setBehaviour(defaultBehaviour);

    expect(deliveries).toMatchObject([{ event: { paymentId: 'pay_1' }, after: undefined }]);
  });

  test('a settled payment can send its event again, and an open payment has no event', async () => {
    const ledger = await open();
    const deliveries = watch(ledger);
    await ledger.open(request);
    await expect(ledger.resend('pay_1')).rejects.toMatchObject({ code: 'payment_open' });
    await pay(ledger);

    const { eventId } = await ledger.resend('pay_1');

    expect(deliveries.map(({ event }) => event.eventId)).toEqual([eventId, eventId]);
  });
});
