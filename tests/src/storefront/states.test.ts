import { storeName } from '@widget-store/contract';
import { inStorefront } from './setup';
import { openShopper, orderIdOf, type StorefrontShopper } from './steps';
import { setAvailable } from '../support/store/database';
import { eventually } from '../support/eventually';
import { expectAccessible, phone } from './expectAccessible';
import { shopperOf } from '../support/http/shopper';
import { newOrderId } from '../support/orderIds';
import type { TestStore } from '../support/store/store';

/**
 * The accessibility of each state of the storefront. `make screenshots` uses these tests to take the documentation's
 * screenshots.
 */
describe('the states of the storefront', () => {
  const open = inStorefront({});

  test('the catalogue with a product in the cart', async () => {
    const { page, shopper } = open;
    await page.goto('/');
    await shopper.button('Add to cart: Pocket Widget').click();
    await shopper.text('1 in your cart');
    await expectAccessible(page, 'catalogue');
  });

  test('the catalogue while it loads, and with the first product sold out', async () => {
    const { page, shopper, store } = open;
    await setAvailable(store.store, 0);
    let answer = (): void => {};
    const held = new Promise<void>((resolve) => (answer = resolve));
    await page.route('**/products?*', (route) => held.then(() => route.continue()));
    await page.goto('/');
    await shopper.text('Loading…');
    await expectAccessible(page, 'loading');
    answer();
    await shopper.button('Sold out').waitFor();
    await expectAccessible(page, 'sold-out');
  });

  test('the cart: empty, filled, and with a sold-out product', async () => {
    const { page, shopper, store } = open;
    await page.goto('/shop/cart');
    await shopper.text('Your cart is empty.');
    await expectAccessible(page, 'cart-empty');
    await page.goto('/');
    for (const product of ['Pocket Widget', 'Outdoor Widget', 'Premium Quality Widget'])
      await shopper.button(`Add to cart: ${product}`).click();
    await page.goto('/shop/cart');
    await shopper.button(/^Continue to payment · \$/).waitFor();
    await expectAccessible(page, 'cart');
    await setAvailable(store.store, 0);
    await shopper.text('Sold out. Please remove it.');
    await expectAccessible(page, 'cart-sold-out');
  });

  test('an order: unfinished, reserved, with the question whether to cancel it, declined', async () => {
    const { page, shopper } = open;
    await shopper.buy();
    await expectAccessible(page, 'payment-page');
    const gateway = page.url();
    await page.goto('/');
    await shopper.text('You have an unfinished order.');
    await expectAccessible(page, 'unfinished');
    await page.getByRole('link', { name: 'See or cancel the order' }).click();
    await page.getByRole('timer').waitFor();
    await expectAccessible(page, 'reserved');
    await shopper.button('Cancel the order').click();
    await page.getByRole('dialog').waitFor();
    await expectAccessible(page, 'cancel');
    await page.goto(gateway);
    await shopper.leaveGateway('Decline');
    await shopper.text('This order was cancelled because the payment did not go through.');
    await expectAccessible(page, 'declined');
  });

  test('an order: being confirmed, being shipped, shipped, printed, in the history', async () => {
    const { page, shopper, ledgers, store } = open;
    await ledgers.behave({ lose: true });
    await shopper.buy();
    const orderId = await shopper.leaveGateway('Pay $99.99');
    const adjustments = [
      { kind: 'shipping', label: 'Shipping', amount_minor: 500 },
      { kind: 'discount', label: 'Spring sale', amount_minor: -500 },
    ];
    await store.sql`update orders set adjustments = ${store.sql.json(adjustments)} where order_id = ${orderId}`;
    await shopper.text('We are confirming your payment.');
    await expectAccessible(page, 'confirming');
    await ledgers.behave({});
    await ledgers.sendWebhookAgain(await ledgers.paymentOf(orderId));
    await page.getByRole('progressbar').waitFor();
    await expectAccessible(page, 'dispatching');
    await shopper.button('Print the receipt').waitFor();
    await shopper.text('Your order is on its way.');
    await expectAccessible(page, 'dispatched');
    await page.emulateMedia({ media: 'print' });
    expect(await page.getByRole('button').count()).toBe(0);
    expect((await page.locator('main').innerText()).split(storeName)[1]).toMatch(
      /^\s+Receipt\s+As of.*\s+This receipt is not a tax invoice\.[^]*Shipping\s+\$5\.00\s+Spring sale\s+-\$5\.00\s+Total\s+\$99\.99[^]*Paid/,
    );
    await expectAccessible(page, 'receipt');
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('link', { name: 'Your orders' }).click();
    await page.getByText('Shipped', { exact: true }).waitFor();
    await expectAccessible(page, 'orders');
  });

  test('an order with manual fulfilment: being packed, in the list of orders to ship, being shipped, sent', async () => {
    const { page, shopper, store } = open;
    await shopper.buy();
    await store.sql`update orders set fulfilment = 'manual' where status = 'PENDING'`;
    const orderId = await shopper.leaveGateway('Pay $99.99');
    await shopper.text('We are packing your order.');
    expect(await page.getByRole('progressbar').count()).toBe(0);
    await shopper.button('Cancel the order').waitFor();
    await expectAccessible(page, 'packing');

    const nextId = await readyOrder(store);
    await page.goto('/ops');
    await shopper.button('To ship 2').click();
    await page.locator(':focus', { hasText: '2 orders to ship' }).waitFor();
    const { order_number: orderNumber } = await shopperOf(store.apiUrl).order(orderId);
    const listed = page.getByRole('link', { name: orderNumber });
    await listed.waitFor();
    const rows = page.getByRole('list', { name: 'Orders' }).getByRole('listitem');
    expect(await rows.count()).toBe(2);
    await rows.first().getByText('No address').waitFor();
    await expectAccessible(page, 'ops-to-ship');
    await page.setViewportSize(phone);
    const items = rows.last().getByText('2 × Widget Duo');
    expect(await items.evaluate((shown) => shown.scrollWidth <= shown.clientWidth)).toBe(true);
    await listed.click();
    await shopper.text('No address');
    await page.getByLabel('Carrier and number (optional)').fill('DHL');
    await page.getByLabel('Tracking link (optional)').fill('http://carrier.example/1');
    await shopper.text('The link must begin with https://.');
    expect(await shopper.button('Mark as shipped').isDisabled()).toBe(true);
    await page.getByLabel('Tracking link (optional)').fill('https://carrier.example/1');
    await expectAccessible(page, 'ops-ship');
    await page.setViewportSize(phone);
    expect((await shopper.button('Mark as shipped').boundingBox())?.y).toBeLessThan(844);
    await shopper.button('Mark as shipped').click();
    const confirm = shopper.button('Yes, it has left');
    expect(await confirm.getAttribute('class')).not.toContain('danger');
    await confirm.click();
    await shopper.text('The order is marked as shipped.');
    await shopper.text('DHL https://carrier.example/1');
    const parcel = page.getByRole('region', { name: 'Parcel' }).getByRole('link', { name: 'Track the parcel' });
    expect(await parcel.getAttribute('href')).toBe('https://carrier.example/1');
    expect(await shopper.button('Mark as shipped').count()).toBe(0);
    const elsewhere = { carrier: 'DHL 41', trackingUrl: 'https://carrier.example/1', operator: 'ben' };
    await store.store.correctShipment({ orderId, ...elsewhere, versions: undefined });
    await page.getByRole('region', { name: 'Parcel' }).getByText('DHL 41', { exact: true }).waitFor();
    await page.getByText('Correct the shipment').click();
    const carrier = page.getByLabel('Carrier and number (optional)');
    expect(await carrier.inputValue()).toBe('DHL 41');
    // Another operator is faster. The error stays although the form then shows the parcel of the other operator.
    await page.route(
      '**/shipment',
      async (route) => {
        await store.store.correctShipment({ orderId, ...elsewhere, carrier: 'DHL 43', versions: undefined });
        await route.continue();
      },
      { times: 1 },
    );
    await carrier.fill('DHL 42');
    await shopper.button('Save the correction').click();
    await eventually(
      () => carrier.inputValue(),
      (value) => value === 'DHL 43',
    );
    await shopper.text('The order has changed since you read it. Read it again.');
    await carrier.fill('DHL 42');
    await shopper.button('Save the correction').click();
    await shopper.text('The shipment is corrected.');
    await shopper.text('DHL 42 https://carrier.example/1');
    await expectAccessible(page, 'ops-parcel');
    await page.getByRole('link', { name: /^Next order to ship/ }).click();
    await page.waitForURL(`**/ops/order/${nextId}`);
    await page.getByRole('link', { name: 'Packing slip' }).click();
    await page.getByRole('row', { name: 'Widget Duo 2' }).waitFor();
    await shopper.text(`From ${storeName}`);
    await shopper.text(/^Ordered on .*, printed on .*\d{4}$/);
    expect(await page.getByRole('main').getByText('$').count()).toBe(0);
    await expectAccessible(page, 'ops-packing-slip');
    await page.goto(`/ops/order/${nextId}`);
    await shopper.button('Mark as shipped').click();
    await shopper.button('Yes, it has left').click();
    await shopper.text('No other order waits to be shipped.');
    await page.goto('/ops?to_ship=true');
    await shopper.text('No matching orders.');

    await page.goto(`/shop/order/${orderId}`);
    await shopper.text('Shipped with DHL 42.');
    const link = page.getByRole('link', { name: 'Track your parcel: DHL 42' });
    expect(await link.getAttribute('href')).toBe('https://carrier.example/1');
    expect(await link.getAttribute('rel')).toContain('noopener');
    expect(await shopper.button('Cancel the order').count()).toBe(0);
    await expectAccessible(page, 'sent');
  });

  test('no orders, an unknown page and an unknown order', async () => {
    const { page, shopper } = open;
    await page.goto('/shop/orders');
    await shopper.text('You have not ordered anything yet.');
    await expectAccessible(page, 'orders-empty');
    await page.goto('/shop/nowhere');
    await shopper.text('There is nothing at this address.');
    await expectAccessible(page, 'not-found');
    await page.goto('/shop/order/ord_0');
    await shopper.text('Order not found.');
    await expectAccessible(page, 'order-unknown');
  });

  test('offline: the page says so, and continues when it is online', async () => {
    const { page, shopper } = open;
    await page.goto('/');
    await shopper.button('Buy now').waitFor();
    await page.context().setOffline(true);
    await shopper.text('You are offline.');
    await shopper.button('Buy now').click();
    await shopper.button('Ordering…').waitFor();
    await expectAccessible(page, 'offline');
    await page.context().setOffline(false);
    await shopper.arrivesAtGateway();
  });

  test('without the api: the page says so, and the purchase continues without a second order', async () => {
    const { page, shopper, store, ledgers } = open;
    const before = await ledgers.orderIds();
    await page.goto('/');
    await shopper.button('Buy now').waitFor();
    await store.processes.api.stop({ graceMs: 0 });
    await shopper.button('Buy now').click();
    await page.locator('.purchase').getByText('The store does not answer.').waitFor();
    await expectAccessible(page, 'api-away');
    store.processes.api.start();
    await shopper.arrivesAtGateway();
    expect(await ledgers.orderIds()).toHaveLength(before.length + 1);
  });

  test('without the payment service: the page says so, and the purchase continues', async () => {
    const { page, shopper, store } = open;
    const { gateway } = store.processes;
    await page.goto('/');
    await gateway.stop({ graceMs: 0 });
    await shopper.button('Buy now').click();
    await shopper.text('The payment service does not answer.');
    await expectAccessible(page, 'payment-away');
    gateway.start();
    await shopper.arrivesAtGateway();
  });
});

/** Places an order of eight pieces, and makes it ready to ship. */
async function readyOrder({ store }: TestStore): Promise<string> {
  const orderId = newOrderId();
  const request = { idempotencyKey: orderId, orderId, fingerprint: 'f', requestId: 'r', paymentWindowMs: 60_000 };
  const lines = [1, 2, 3, 4].map((productId) => ({ productId, quantity: 2 }));
  await store.placeOrder({ ...request, lines, fulfilment: 'manual' });
  await store.markOrderPaid({ orderId });
  await store.markReadyToShip({ orderId });
  return orderId;
}

describe('the states at the end of the payment window', () => {
  const open = inStorefront({ paymentWindowMs: 18_000 });
  /** A shopper whose payment window ends during the first test. */
  let late: StorefrontShopper;
  beforeAll(async () => {
    late = await openShopper(open.browser, open.store);
    await late.buy();
  });

  test('a reservation that is about to expire, and an expired one', async () => {
    const { page, shopper } = open;
    await shopper.buy();
    await page.goto('/');
    await page.getByRole('link', { name: 'See or cancel the order' }).click();
    await page.getByRole('status').getByText('Your reservation ends in 10 seconds.').waitFor({ state: 'attached' });
    await expectAccessible(page, 'hold-ending');
    await shopper.text('This order was cancelled because no payment arrived in time.');
    await expectAccessible(page, 'expired');
  });

  test('a late payment that was refunded', async () => {
    const { ledgers } = open;
    const [orderId = ''] = await ledgers.orderIds();
    await eventually(
      () => ledgers.statusOf(orderId),
      (status) => status === 'CANCELLED',
    );
    await late.leaveGateway('Pay $99.99');
    await late.text(/\$99\.99 was refunded on/);
    expect(orderIdOf(late.page)).toBe(orderId);
    await expectAccessible(late.page, 'late-payment-refunded');
  });
});

describe('the states outside demo mode', () => {
  const open = inStorefront({ demo: false, extraEnvironment: { api: { RATE_LIMIT_PER_MINUTE: '6' } } });

  test('no demo controls, and a shopper over the rate limit', async () => {
    const { page, shopper, store } = open;
    await page.goto('/');
    await shopper.button('Buy now').waitFor();
    expect(await page.getByText('Try to break it').count()).toBe(0);
    const others = shopperOf(store.apiUrl);
    // The api limits requests for the catalogue separately from other requests, so the test exceeds both limits.
    for (const path of ['/product', '/products']) {
      await eventually(
        () => others.send('GET', path),
        ({ status }) => status === 429,
      );
    }
    await shopper.text('You have sent too many requests.');
    await shopper.button('Buy now').click();
    await shopper.button('Ordering…').waitFor();
    await expectAccessible(page, 'rate-limited');
    expect(await shopper.storedCheckout()).not.toBeNull();
  });
});
