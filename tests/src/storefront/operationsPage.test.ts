import { randomUUID } from 'node:crypto';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openVisitor, type Visitor } from './browser';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { setAvailable, stockOf } from '../support/store/database';
import { eventually } from '../support/eventually';
import { expectSound } from './soundPage';
import { quickDispatches, startTestStore, type TestStore } from '../support/store/store';

const uiUrl = 'http://temporal.example';

/** The built operations pages in a real Chromium, against api and worker as processes. */
describe.each(['in demo mode', 'outside demo mode'])('the operations page %s', (mode) => {
  const demo = mode === 'in demo mode';
  let store: TestStore;
  let till: Till;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    const api = { TEMPORAL_UI_URL: uiUrl };
    store = await startTestStore({ demo, programs: quickDispatches, extraEnvironment: { api } });
    till = await openTill(store);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await store?.close();
  });
  beforeEach(async () => {
    visitor = await openVisitor(browser, store);
    page = visitor.page;
  });
  afterEach(() => visitor.close());

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const text = (content: string | RegExp) => page.getByText(content).first().waitFor();

  async function open(path: string): Promise<void> {
    await page.goto(path);
    if (demo) return;
    await page.getByLabel('Admin token').fill(store.adminToken);
    await button('Use this token').click();
  }

  async function search(query: string): Promise<void> {
    await page.getByLabel('Order id, payment id or idempotency key').fill(query);
    await button('Search').click();
    await page.waitForURL(`**/ops?query=${query}`);
  }

  it('asks for the token where the api wants one, says which is wrong, and keeps the right one in its tab', async () => {
    const field = page.getByLabel('Admin token');
    await page.goto('/ops');
    if (!demo) {
      await text('Enter the admin token.');
      await expectSound(page, 'ops-token');
      await field.fill(randomUUID());
      await button('Use this token').click();
      await text('This is not the admin token.');
      await expectSound(page, 'ops-token-wrong');
      await field.fill(store.adminToken);
      await button('Use this token').click();
    }
    await page.getByLabel('Order id, payment id or idempotency key').waitFor();
    await page.reload();
    await page.getByLabel('Order id, payment id or idempotency key').waitFor();
    expect(await field.count()).toBe(0);
    const kept = await page.evaluate(() => [window.sessionStorage.length, window.localStorage.length]);
    expect(kept).toEqual([demo ? 0 : 1, 0]);
    if (demo) return;
    await button('Forget the token').click();
    await text('Enter the admin token.');
  });

  it('finds an order by each of its ids and by its status, and leads to its runs', async () => {
    const charge = await till.charge();
    await till.tell(charge, 'paid');
    await open('/ops');
    for (const id of [charge.orderId, charge.paymentId, charge.key]) {
      await search(id);
      await page.getByRole('link', { name: charge.orderId }).waitFor();
      await eventually(
        () => page.getByRole('row').count(),
        (rows) => rows === 2,
      );
    }
    await button(/^Awaiting payment/).click();
    await text('No matching orders.');
    await button('All').click();
    await page.getByRole('link', { name: charge.orderId }).waitFor();
    await expectSound(page, 'ops');
    await page.getByRole('link', { name: charge.orderId }).click();

    await page.getByRole('heading', { name: 'Runs in Temporal' }).waitFor();
    for (const id of [`checkout/${charge.key}`, `dispatch/${charge.orderId}`]) {
      const link = page.getByRole('link', { name: id });
      await link.waitFor();
      expect(await link.getAttribute('href')).toBe(`${uiUrl}/namespaces/default/workflows/${encodeURIComponent(id)}`);
    }
    for (const line of ['Stock hold of 1', 'Payment pending → paid', 'Signal payment', 'Done: mark the order paid']) {
      await text(line);
    }
    await text('Order PAID → DISPATCHED');
    await expectSound(page, 'ops-order');
    // A call that is refused is an error to the browser's console, whatever the page makes of it.
    expect(visitor.complaints.filter((complaint) => !complaint.includes('401'))).toEqual([]);
    expect(visitor.foreignRequests).toEqual([]);
  });

  it('cancels an order, and gives back what was paid too late', async () => {
    const charge: Charge = await till.open();
    await open(`/ops/order/${charge.orderId}`);
    await button('Cancel the order').click();
    await text('Cancel this order?');
    await expectSound(page, 'ops-question');
    await button('No, leave it as it is').click();
    expect((await till.shopper.order(charge.orderId)).status).toBe('PENDING');
    await button('Cancel the order').click();
    await button('Yes, cancel it').click();
    await text('Order PENDING → CANCELLED');
    expect((await till.shopper.order(charge.orderId)).cancel_reason).toBe('cancelled');

    await till.pay(charge);
    await button('Refund what the gateway keeps').click();
    await button('Yes, refund it').click();
    await text('The refund is under way.');
    await text('Refunded 99.99 USD');
    await page.getByRole('link', { name: `refund/${charge.paymentId}/by-hand` }).waitFor();
    await expectSound(page, 'ops-refunded');
    expect(await till.gateway.keptMinor(charge.paymentId)).toBe(0);
  });

  it('says so when there is no such order', async () => {
    await open(`/ops/order/ord_${'0'.repeat(32)}`);
    await text('There is no such order.');
    await expectSound(page, 'ops-unknown');
    expect(await page.getByRole('table').count()).toBe(0);
  });

  it('tells an operator who asks too often just that, and goes on by itself', async () => {
    const tooMany = { code: 'rate_limited', detail: 'Too many requests.', retryable: true };
    const isCall = (url: URL) => url.pathname.startsWith('/ops/') && !url.pathname.startsWith('/ops/order/');
    const told = page.getByText('The store has had many requests from you just now.').first();
    await open('/ops');
    await button('Restock').waitFor();
    await page.route(isCall, (route) =>
      route.fulfill({ status: 429, contentType: 'application/problem+json', body: JSON.stringify(tooMany) }),
    );
    await told.waitFor();
    expect(await page.getByText('Something went wrong').count()).toBe(0);
    await page.unroute(isCall);
    await told.waitFor({ state: 'detached' });
  });

  it('fills the shelf', async () => {
    await setAvailable(store.store, 7);
    await open('/ops');
    await button('Restock').click();
    await text('100 of the default product are available again.');
    expect((await stockOf(store.sql)).inventory).toBe(100);
  });

  it.each(['api', 'worker'] as const)('crashes the %s in demo mode only, and not the other', async (name) => {
    const other = name === 'api' ? 'worker' : 'api';
    const before = [store.processes[name].pid, store.processes[other].pid];
    // The page knows from the store's settings whether it is a demonstration.
    const told = page.waitForResponse((response) => new URL(response.url()).pathname === '/settings');
    await open('/ops');
    await told;
    await button('Restock').waitFor();
    const buttons = demo ? 2 : 0;
    const count = () => button(/^Crash/).count();
    expect(await eventually(count, (seen) => seen === buttons)).toBe(buttons);
    if (!demo) return;
    await button(`Crash the ${name}`).click();
    await text('It is gone; its supervisor brings it back.');
    await eventually(
      () => store.processes[name].pid,
      (pid) => pid !== undefined && pid !== before[0],
    );
    await store.processes[name].whenReady({ deadlineMs: 30_000 });
    expect(store.processes[other].pid).toBe(before[1]);
  });

  it('costs shoppers nothing: its bundle is loaded by its own pages only', async () => {
    const assets: string[] = [];
    page.on('request', (request) => assets.push(new URL(request.url()).pathname));
    await page.goto('/');
    await button('Buy now').waitFor();
    const isOps = (path: string) => path.startsWith('/assets/ops-');
    expect(assets.filter(isOps)).toEqual([]);
    await page.goto('/ops');
    await eventually(
      () => assets.filter(isOps).length,
      (count) => count >= 2,
    );
  });
});
