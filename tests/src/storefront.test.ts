import type { Browser, Page } from 'playwright-core';
import { openBrowser, openVisitor, type Visitor } from './storefrontBrowser';
import { setAvailable, stockOf } from './support/database';
import { eventually } from './support/eventually';
import { startTestStore, type TestStore } from './support/store';
import { recordTicks, ticksOf, wholeDispatch } from './support/ticks';

/** The built storefront in a real Chromium, against api and worker as processes. */
describe('the storefront in a browser', () => {
  let store: TestStore;
  let browser: Browser;
  let visitor: Visitor;
  let page: Page;

  beforeAll(async () => {
    store = await startTestStore();
    await recordTicks(store.sql);
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await store?.close();
  });
  beforeEach(async () => {
    await setAvailable(store.store, 100);
    visitor = await openVisitor({ browser, baseURL: store.apiUrl });
    page = visitor.page;
  });
  afterEach(() => visitor.close());

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const text = (content: string) => page.getByText(content).waitFor();
  const orderIds = async () => {
    const rows = await store.sql<{ order_id: string }[]>`select order_id from orders order by created_at`;
    return rows.map((row) => row.order_id);
  };
  const available = async () => (await stockOf(store.sql)).inventory;
  const storedCheckout = () => page.evaluate(() => window.localStorage.getItem('widget-store.checkout'));

  /** @returns the key of each checkout that the page sends from now on */
  function sentKeys(): string[] {
    const keys: string[] = [];
    page.on('request', (request) => {
      const [, key] = /\/checkout\/(.+)$/.exec(request.url()) ?? [];
      if (key !== undefined) keys.push(key);
    });
    return keys;
  }

  async function buy(): Promise<void> {
    await page.goto('/');
    await button('Buy now').click();
    await page.waitForURL('**/shop/pay/pay_*');
  }

  /** @returns the order id */
  async function pay(): Promise<string> {
    await button('Pay $99.99').click();
    await page.waitForURL('**/shop/order/ord_*');
    return new URL(page.url()).pathname.split('/').at(-1) ?? '';
  }

  function expectNoComplaints(): void {
    expect(visitor.complaints).toEqual([]);
    expect(visitor.foreignRequests).toEqual([]);
  }

  test('a visitor buys, pays and sees the order dispatched', async () => {
    await buy();
    expect(await storedCheckout()).not.toBeNull();
    const orderId = await pay();
    expect(await storedCheckout()).toBeNull();
    await text('Your order is being dispatched.');
    await text('Your order is on its way.');
    expect(await ticksOf(store.sql, orderId)).toEqual(wholeDispatch);
    expect(await available()).toBe(99);

    await page.getByRole('link', { name: 'Orders', exact: true }).click();
    const newest = page.getByRole('row').nth(1);
    await newest.getByText(orderId).waitFor();
    expect(await newest.textContent()).toMatch(/Dispatched.*\$99\.99/);
    expectNoComplaints();
  });

  test('a visitor cancels, and the item is back on the shelf', async () => {
    await buy();
    expect(await available()).toBe(99);
    await button('Cancel the order').click();
    await text('This order was cancelled because it was not paid. The item is back on the shelf.');
    expect(await available()).toBe(100);

    await page.getByRole('link', { name: 'Back to the store' }).click();
    await button('Buy now').waitFor();
    expect(await storedCheckout()).toBeNull();
    expectNoComplaints();
  });

  test('nothing can be bought when it is sold out, until the shelf is full again', async () => {
    await setAvailable(store.store, 0);
    await page.goto('/');
    await button('Sold out').waitFor();
    expect(await button('Sold out').isDisabled()).toBe(true);
    await button('Restock').click();
    await button('Buy now').waitFor();
    expect(await available()).toBe(100);
    expectNoComplaints();
  });

  test('a visitor who presses too late is told, and may try again later with a new order', async () => {
    await page.goto('/');
    await button('Buy now').waitFor();
    // The page goes on believing in its stock, as it does for up to two seconds.
    await page.route('**/product', (route) => route.abort());
    await setAvailable(store.store, 0);
    const keys = sentKeys();
    await button('Buy now').click();
    await text('Sold out: somebody else was faster.');
    expect(await storedCheckout()).toBeNull();

    await setAvailable(store.store, 1);
    await page.unroute('**/product');
    await button('Buy now').click();
    await page.waitForURL('**/shop/pay/pay_*');
    expect(new Set(keys).size).toBe(2);
    expect(await available()).toBe(0);
  });

  test('a double click makes one order', async () => {
    const before = await orderIds();
    const keys = sentKeys();
    await page.goto('/');
    await button('Buy now').dblclick();
    await page.waitForURL('**/shop/pay/pay_*');
    expect(keys).toHaveLength(1);
    expect(await orderIds()).toHaveLength(before.length + 1);
    expectNoComplaints();
  });

  test('a reload in the middle of a checkout goes on with the same order', async () => {
    const before = await orderIds();
    const keys = sentKeys();
    await page.goto('/');
    // The store takes the order, but its answer never reaches the page.
    await page.route('**/checkout/*', (route) => route.fetch().then(() => undefined), { times: 1 });
    await button('Buy now').click();
    await eventually(orderIds, (ids) => ids.length === before.length + 1);
    await page.route('**/checkout/*', (route) => text('Picking up the order you began…').then(() => route.continue()));
    await page.reload();
    await page.waitForURL('**/shop/pay/pay_*');
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(await orderIds()).toHaveLength(before.length + 1);
  });

  test('the store page leads back to an unpaid order instead of beginning another', async () => {
    await buy();
    const payment = page.url();
    const before = await orderIds();
    await page.goto('/');
    await text('You have an unfinished order.');
    expect(await button('Buy now').count()).toBe(0);
    await page.getByRole('link', { name: 'Continue to payment' }).click();
    await page.waitForURL(payment);
    await pay();
    expect(await orderIds()).toEqual(before);
    expectNoComplaints();
  });

  test('a checkout and a payment get through while the api is away and comes back', async () => {
    const { api } = store.processes;
    const before = await orderIds();
    await page.goto('/');
    await button('Buy now').waitFor();
    await api.stop({ graceMs: 0 });
    await button('Buy now').click();
    await page.getByRole('status').getByText('The store is catching its breath, trying again…').first().waitFor();
    api.start();
    await page.waitForURL('**/shop/pay/pay_*');
    await button('Pay $99.99').waitFor();
    await api.stop({ graceMs: 0 });
    await button('Pay $99.99').click();
    await text('The store is catching its breath, trying again…');
    api.start();
    await page.waitForURL('**/shop/order/ord_*');
    expect(await orderIds()).toHaveLength(before.length + 1);
  });

  test('a crash in the middle of the dispatch only pauses it', async () => {
    const { api, worker } = store.processes;
    const restarts = { api: api.restarts, worker: worker.restarts };
    await buy();
    const orderId = await pay();
    await eventually(
      () => visitor.shownProgress(),
      (shown) => (shown.at(-1) ?? 0) >= 3,
    );
    await button('Crash the app').click();
    await text('The application was told to crash.');
    await eventually(
      () => [api.restarts > restarts.api, worker.restarts > restarts.worker],
      (restarted) => restarted.every(Boolean),
    );
    await page.getByText('Your order is on its way.').waitFor({ timeout: 60_000 });

    const shown = await visitor.shownProgress();
    expect(shown).toEqual(shown.toSorted((one, other) => one - other));
    expect(await ticksOf(store.sql, orderId)).toEqual(wholeDispatch);
    expect(visitor.foreignRequests).toEqual([]);
  });

  test.each([
    { path: '/shop/order/ord_0', says: 'There is no such order.' },
    { path: '/shop/nowhere', says: 'There is nothing at this address.' },
  ])('$path says that there is nothing', async ({ path, says }) => {
    await page.goto(path);
    await text(says);
    await page.getByRole('link', { name: 'Back to the store' }).click();
    await button('Buy now').waitFor();
    expect(visitor.foreignRequests).toEqual([]);
  });

  test('an unknown payment is told apart and leads back to the store', async () => {
    await page.goto(`/shop/pay/pay_${'0'.repeat(32)}`);
    await button('Pay $99.99').click();
    await text('There is no such payment.');
    await page.getByRole('link', { name: 'Back to the store' }).click();
    await button('Buy now').waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
  });
});
