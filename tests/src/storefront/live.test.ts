import type { Request } from 'playwright-core';
import { inStorefront } from './setup';
import { eventually } from '../support/eventually';
import { killProcesses, type ProcessName, processOf } from '../support/servers/processes';
import { recordTicks, ticksOf, wholeDispatch } from '../support/store/ticks';

/** The storefront in a real Chromium, while the test kills processes of the store. */
describe('the storefront during crashes', () => {
  const open = inStorefront({ ownServers: true });
  beforeAll(() => recordTicks(open.store.sql));
  let { store, shopper, page, ledgers } = open;
  beforeEach(() => {
    ({ store, shopper, page, ledgers } = open);
  });

  const kill = (name: ProcessName) => killProcesses(processOf(store, name));

  /** Returns an array that receives the matching requests of the page. */
  function requestsTo(pattern: RegExp): Request[] {
    const requests: Request[] = [];
    page.on('request', (request) => {
      if (pattern.test(new URL(request.url()).pathname)) requests.push(request);
    });
    return requests;
  }

  const shownAtLeast = (steps: number) =>
    eventually(
      () => shopper.shownProgress(),
      (shown) => (shown.at(-1) ?? 0) >= steps,
      { deadlineMs: 60_000 },
    );

  test('an order is updated by events, without polling', async () => {
    const streams = requestsTo(/^\/order\/[^/]+\/events$/);
    const polls = requestsTo(/^\/order\/[^/]+$/);
    await shopper.buy();
    await shopper.leaveGateway('Pay $99.99');
    await shownAtLeast(1);
    const asked = polls.length;
    await page.getByText('Your order is on its way.').waitFor();
    expect(streams).toHaveLength(1);
    expect(polls).toHaveLength(asked);
    expect(shopper.complaints).toEqual([]);
  });

  test('an order is polled if a proxy blocks the events', async () => {
    await page.route('**/events', (route) => route.abort());
    await shopper.buy();
    await shopper.leaveGateway('Pay $99.99');
    await page.getByText('Your order is on its way.').waitFor();
    expect((await shopper.shownProgress()).length).toBeGreaterThan(3);
  });

  test('the progress continues after a kill of every process, from the last event that the page has received', async () => {
    const streams = requestsTo(/^\/order\/[^/]+\/events$/);
    await shopper.buy();
    const orderId = await shopper.leaveGateway('Pay $99.99');
    for (const [steps, name] of [
      [1, 'api'],
      [3, 'postgres'],
      [5, 'worker'],
      [6, 'temporal'],
    ] as const) {
      await shownAtLeast(steps);
      await kill(name);
    }
    await page.getByText('Your order is on its way.').waitFor({ timeout: 60_000 });
    const shown = await shopper.shownProgress();
    expect(shown).toEqual(shown.toSorted((one, other) => one - other));
    expect(await ticksOf(store.sql, orderId)).toEqual(wholeDispatch);
    const resumed = await Promise.all(streams.slice(1).map((request) => request.headerValue('last-event-id')));
    expect(resumed.some((id) => id !== null && /^\d+$/.test(id))).toBe(true);
    expect(shopper.foreignRequests).toEqual([]);
  });

  test.each(['api', 'worker', 'temporal', 'postgres'] as const)(
    'a purchase that starts while %s is killed reaches its payment, and places one order',
    async (name) => {
      const before = await ledgers.orderIds();
      await page.goto('/');
      await shopper.button('Buy now').waitFor();
      const killed = kill(name);
      await shopper.button('Buy now').click();
      await killed;
      await page.waitForURL(`${store.gatewayUrl}/pay/pay_*`, { timeout: 60_000 });
      await shopper.leaveGateway('Pay $99.99');
      await page.getByText('Your order is being shipped.').waitFor({ timeout: 60_000 });
      expect(await ledgers.orderIds()).toHaveLength(before.length + 1);
      expect(await ledgers.available()).toBe(99);
    },
  );
});
