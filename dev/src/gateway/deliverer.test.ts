import { createLogger } from '@widget-store/runtime';
import { until } from '../until';
import { type Deliverer, startDeliverer } from './deliverer';
import type { Delivery } from './deliveryQueue';
import type { Attempt } from './webhooks';

const log = createLogger({ service: 'test', level: 'silent' });
const works: Attempt = { delivered: true, result: 'status 200', retryAfterMs: undefined };
const fails: Attempt = { delivered: false, result: 'status 500', retryAfterMs: undefined };

let deliverer: Deliverer | undefined;

afterEach(() => deliverer?.stop());

function delivery(deliveryId: string, more: Partial<Delivery> = {}): Delivery {
  const now = new Date().toISOString();
  const of = { paymentId: 'pay_1', status: 'paid', amountMinor: 1, currency: 'USD', occurredAt: now } as const;
  return { deliveryId, event: { eventId: deliveryId, ...of }, queuedAt: now, dueAt: now, after: undefined, ...more };
}

/** Starts a deliverer. The test answers its webhooks in place of the api. */
function start(deliveries: Delivery[]) {
  const sent: { eventId: string; answer: (attempt: Attempt) => void }[] = [];
  const ended: { deliveryId: string; delivered: boolean }[] = [];
  deliverer = startDeliverer({
    log,
    ledger: {
      onDelivery: (listener) => deliveries.forEach((one) => listener(one)),
      endDelivery: (end) => Promise.resolve(void ended.push(end)),
    },
    send: ({ eventId }, signal) =>
      new Promise((answer) => {
        sent.push({ eventId, answer });
        signal.addEventListener('abort', () => answer(fails));
      }),
  });
  const sentIds = () => sent.map(({ eventId }) => eventId);
  return { sent, ended, sentIds };
}

test('a delivery waits for the first attempt of its predecessor, even if that attempt fails', async () => {
  const { sent, sentIds } = start([delivery('newer'), delivery('older', { after: 'newer' }), delivery('other')]);
  await until(() => sentIds().includes('other'));
  expect(sentIds()).not.toContain('older');

  sent.find(({ eventId }) => eventId === 'newer')?.answer(fails);

  await until(() => sentIds().includes('older'));
});

test('a delivery is sent at once if its predecessor arrived before the restart', async () => {
  const { sentIds } = start([delivery('older', { after: 'newer' })]);

  await until(() => sentIds().length === 1);
  expect(sentIds()).toEqual(['older']);
});

test('a webhook is sent again until it is delivered, and given up after three days', async () => {
  const fourDaysAgo = new Date(Date.now() - 4 * 24 * 60 * 60_000).toISOString();
  const { sent, ended, sentIds } = start([delivery('old', { queuedAt: fourDaysAgo }), delivery('new')]);
  await until(() => sent.length === 2);
  for (const { answer } of sent) answer(fails);
  await until(() => ended.length === 1);
  await until(() => sent.length === 3);
  sent[2]?.answer(works);
  await until(() => ended.length === 2);

  expect(sentIds()).toEqual(['old', 'new', 'new']);
  expect(ended).toEqual([
    { deliveryId: 'old', delivered: false },
    { deliveryId: 'new', delivered: true },
  ]);
});

test('stopping leaves undelivered webhooks in the ledger for the next start', async () => {
  const inAnHour = new Date(Date.now() + 60 * 60_000).toISOString();
  const { sent, ended } = start([delivery('one'), delivery('later', { dueAt: inAnHour })]);
  await until(() => sent.length === 1);

  await deliverer?.stop();

  expect(sent).toHaveLength(1);
  expect(ended).toEqual([]);
});
