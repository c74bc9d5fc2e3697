import { inStorefront } from './setup';
import { shopperOf } from '../support/http/shopper';
import { setAvailable } from '../support/store/database';
import { eventually } from '../support/eventually';
import { recordTicks, ticksOf, wholeDispatch } from '../support/store/ticks';

/** The built storefront in a real Chromium, with api, worker and gateway as separate processes. */
describe('buying in the storefront', () => {
  const open = inStorefront();
  beforeAll(() => recordTicks(open.store.sql));
  let { store, shopper, page, ledgers } = open;
  beforeEach(() => {
    ({ store, shopper, page, ledgers } = open);
  });

  /** @returns an array that receives the key of each checkout that the page sends */
  function sentKeys(): string[] {
    const keys: string[] = [];
    page.on('request', (request) => {
      const [, key] = /\/checkout\/(.+)$/.exec(request.url()) ?? [];
      if (key !== undefined) keys.push(key);
    });
    return keys;
  }

  function expectNoComplaints(): void {
    expect(shopper.complaints).toEqual([]);
    expect(shopper.foreignRequests).toEqual([]);
  }

  test("a shopper buys, pays on the gateway's page and sees the dispatch", async () => {
    await shopper.buy();
    const orderId = await shopper.leaveGateway('Pay $99.99');
    await shopper.text('Your order is being shipped.');
    expect(await shopper.storedCheckout()).toBeNull();
    await shopper.text('Your order is on its way.');
    expect(await ticksOf(store.sql, orderId)).toEqual(wholeDispatch);
    expect(await ledgers.available()).toBe(99);

    await page.getByRole('link', { name: 'Your orders' }).click();
    const { order_number: orderNumber } = await shopperOf(store.apiUrl).order(orderId);
    const entry = page.getByRole('listitem').filter({ hasText: orderNumber });
    await entry.getByText('Shipped').waitFor();
    expect(await entry.textContent()).toMatch(/Premium Quality Widget.*\$99\.99/);
    expectNoComplaints();
  });

  test('a sold-out product cannot be bought until it is restocked', async () => {
    await setAvailable(store.store, 0);
    await page.goto('/');
    await shopper.button('Sold out').waitFor();
    expect(await shopper.button('Sold out').isDisabled()).toBe(true);
    await shopper.button('Restock').click();
    await shopper.button('Buy now').waitFor();
    expect(await ledgers.available()).toBe(100);
    expectNoComplaints();
  });

  test('a shopper who buys too late sees the reason, and can try again with a new order', async () => {
    await page.goto('/');
    await shopper.button('Buy now').waitFor();
    // The page must still show the old stock, so its requests for the products are aborted from here on.
    const lastLook = page.waitForEvent('requestfailed', (request) => request.url().includes('/products?'));
    await page.route('**/products?*', (route) => route.abort());
    await lastLook;
    await setAvailable(store.store, 0);
    const keys = sentKeys();
    await shopper.button('Buy now').click();
    await shopper.text('Sold out: another shopper was faster.');
    expect(await shopper.storedCheckout()).toBeNull();

    await setAvailable(store.store, 1);
    await page.unroute('**/products?*');
    await shopper.button('Buy now').click();
    await shopper.arrivesAtGateway();
    expect(new Set(keys).size).toBe(2);
    expect(await ledgers.available()).toBe(0);
  });

  test('a double click places one order', async () => {
    const before = await ledgers.orderIds();
    const keys = sentKeys();
    await page.goto('/');
    await shopper.button('Buy now').dblclick();
    await shopper.arrivesAtGateway();
    expect(keys).toHaveLength(1);
    expect(await ledgers.orderIds()).toHaveLength(before.length + 1);
    expectNoComplaints();
  });

  test('a reload during a checkout continues the same order', async () => {
    const before = await ledgers.orderIds();
    const keys = sentKeys();
    await page.goto('/');
    // The store places the order, but the page gets no answer.
    await page.route('**/checkout/*', (route) => route.fetch().then(() => undefined), { times: 1 });
    await shopper.button('Buy now').click();
    await eventually(ledgers.orderIds, (ids) => ids.length === before.length + 1);
    await page.route('**/checkout/*', (route) =>
      shopper.text('Continuing the order you started…').then(() => route.continue()),
    );
    await page.reload();
    await shopper.arrivesAtGateway();
    expect(keys).toHaveLength(2);
    expect(new Set(keys).size).toBe(1);
    expect(await ledgers.orderIds()).toHaveLength(before.length + 1);
  });

  test('Back from the payment page shows the unfinished order, which links to the payment', async () => {
    await shopper.buy();
    const payment = page.url();
    const before = await ledgers.orderIds();
    await page.goBack();
    expect(new URL(page.url()).pathname).toBe('/');
    await shopper.text('You have an unfinished order.');
    expect(await shopper.button('Buy now').count()).toBe(0);
    await page.getByRole('link', { name: /^Pay \$99\.99, 1[45]:\d\d left$/ }).click();
    await page.waitForURL(payment);
    await shopper.leaveGateway('Pay $99.99');
    expect(await ledgers.orderIds()).toEqual(before);
    expectNoComplaints();
  });

  test('a shopper who pays and returns by another way finds the order, and can buy again', async () => {
    await shopper.buy();
    await page.route('**/shop/order/*', (route) => route.abort());
    await shopper.button('Pay $99.99').click();
    await page.goto('/');
    await shopper.button('Buy now').waitFor();
    expect(await shopper.storedCheckout()).toBeNull();
    await page.getByRole('link', { name: 'Your orders' }).click();
    await page.getByRole('link', { name: /^\d{4,}-/ }).click();
    await shopper.text('Your order is being shipped.');
    await page.getByRole('heading', { name: 'Order confirmed' }).waitFor();
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await shopper.button('Copy the link to this order').click();
    await shopper.text('The link is copied.');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(page.url());
    expect(await page.getByRole('progressbar').count()).toBe(1);
  });

  test('a purchase reaches the payment page even if the api is down at first', async () => {
    const { api } = store.processes;
    const before = await ledgers.orderIds();
    await page.goto('/');
    await shopper.button('Buy now').waitFor();
    await api.stop({ graceMs: 0 });
    await shopper.button('Buy now').click();
    await page.getByRole('status').getByText('The store does not answer. Trying again…').first().waitFor();
    api.start();
    await shopper.arrivesAtGateway();
    expect(await ledgers.orderIds()).toHaveLength(before.length + 1);
  });

  test('a purchase reaches the payment page even if the gateway is down at first', async () => {
    const { gateway } = store.processes;
    const before = await ledgers.orderIds();
    await page.goto('/');
    await gateway.stop({ graceMs: 0 });
    await shopper.button('Buy now').click();
    await shopper.text('The payment service does not answer. Trying again…');
    gateway.start();
    await shopper.arrivesAtGateway();
    await shopper.leaveGateway('Pay $99.99');
    await shopper.text('Your order is being shipped.');
    expect(await ledgers.orderIds()).toHaveLength(before.length + 1);
  });

  test('a dispatch continues after a crash of the app, without a skipped or repeated step', async () => {
    const { api, worker } = store.processes;
    const restarts = { api: api.restarts, worker: worker.restarts };
    await shopper.buy();
    const orderId = await shopper.leaveGateway('Pay $99.99');
    await eventually(
      () => shopper.shownProgress(),
      (shown) => (shown.at(-1) ?? 0) >= 3,
    );
    await shopper.button('Crash the app').click();
    await shopper.text('The application crashed.');
    await eventually(
      () => [api.restarts > restarts.api, worker.restarts > restarts.worker],
      (restarted) => restarted.every(Boolean),
    );
    await page.getByText('Your order is on its way.').waitFor({ timeout: 60_000 });

    const shown = await shopper.shownProgress();
    expect(shown).toEqual(shown.toSorted((one, other) => one - other));
    expect(await ticksOf(store.sql, orderId)).toEqual(wholeDispatch);
    expect(shopper.foreignRequests).toEqual([]);
  });

  test.each([
    { path: '/shop/order/ord_0', says: 'Order not found.' },
    { path: `/shop/pay/pay_${'0'.repeat(32)}`, says: 'Payment not found.' },
    { path: '/shop/nowhere', says: 'There is nothing at this address.' },
    { path: '/nowhere', says: 'There is nothing at this address.' },
    { path: '/cart', says: 'Your cart is empty.' },
    { path: '/orders', says: 'You have not ordered anything yet.' },
  ])('$path: $says', async ({ path, says }) => {
    await page.goto(path);
    await shopper.text(says);
    await page.getByRole('link', { name: 'Back to the store' }).click();
    await shopper.button('Buy now').waitFor();
    expect(new URL(page.url()).pathname).toBe('/');
    expect(shopper.foreignRequests).toEqual([]);
  });
});
