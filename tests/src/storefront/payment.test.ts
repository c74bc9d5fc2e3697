import { storeName } from '@widget-store/contract';
import { inStorefront } from './setup';
import { openShopper, orderIdOf, type StorefrontShopper } from './steps';
import { eventually } from '../support/eventually';
import { testGateway } from '../support/gateway/gateway';

/** Declined, late, cancelled and interrupted payments, in a real Chromium. */
describe('the return from the payment page', () => {
  const open = inStorefront();
  let { store, shopper, page, ledgers } = open;
  beforeEach(() => {
    ({ store, shopper, page, ledgers } = open);
  });

  const keptOf = async (orderId: string) => {
    const gateway = testGateway({ url: store.gatewayUrl, apiKey: store.gatewayApiKey });
    return gateway.keptMinor(await ledgers.paymentOf(orderId));
  };
  const focused = () => page.evaluate(() => document.activeElement?.textContent);

  test.each(['Decline', 'Close'] as const)('%s cancels the order, and a new one can be bought', async (way) => {
    await shopper.buy();
    const declined = await shopper.leaveGateway(way);
    await shopper.text('This order was cancelled because the payment did not go through.');
    expect(await ledgers.available()).toBe(100);
    expect(await shopper.storedCheckout()).toBeNull();

    await shopper.button('Buy again').click();
    await page.waitForURL('**/shop/cart');
    await shopper.button('Continue to payment · $99.99').click();
    await shopper.arrivesAtGateway();
    expect(await shopper.leaveGateway('Pay $99.99')).not.toBe(declined);
    await shopper.text('Your order is being shipped.');
    expect(shopper.complaints).toEqual([]);
  });

  test('the page says that the payment is being confirmed until the webhook comes, and then the order is dispatched', async () => {
    // The gateway loses the webhook. At the end, the test makes the gateway send it again.
    await ledgers.behave({ lose: true });
    await shopper.buy();
    const orderId = await shopper.leaveGateway('Pay $99.99');
    await shopper.text('We are confirming your payment.');
    await shopper.text('Confirming payment');
    expect(await page.getByText('Not yet paid').count()).toBe(1);
    expect(await page.getByRole('progressbar').count()).toBe(0);

    await page.getByRole('link', { name: 'See the payment' }).click();
    await shopper.text('Payment complete');
    await page.getByRole('link', { name: `Return to ${storeName}` }).click();
    await shopper.text('We are confirming your payment.');

    await ledgers.behave({});
    await ledgers.sendWebhookAgain(await ledgers.paymentOf(orderId));
    await shopper.text('Your order is being shipped.');
    expect(shopper.complaints).toEqual([]);
  });

  test('a webhook that is three seconds late pays the order', async () => {
    await ledgers.behave({ delay_ms: 3_000 });
    await shopper.buy();
    const orderId = await shopper.leaveGateway('Pay $99.99');
    await shopper.text('We are confirming your payment.');
    await shopper.text('Your order is being shipped.');
    expect(await keptOf(orderId)).toBe(9999);
  });

  test('an unpaid order is cancelled when the shopper confirms', async () => {
    await shopper.buy();
    await page.goto('/');
    await page.getByRole('link', { name: 'See or cancel the order' }).click();
    await page
      .getByRole('timer')
      .getByText(/Reserved for you\. 1[45]:\d\d left to pay\./)
      .waitFor();
    expect(await ledgers.available()).toBe(99);

    await shopper.button('Cancel the order').click();
    await page.getByRole('dialog', { name: 'Cancel this order?' }).waitFor();
    expect(await focused()).toBe('Keep the order');
    await page.keyboard.press('Escape');
    expect(await focused()).toBe('Cancel the order');
    expect(await ledgers.statusOf(orderIdOf(page))).toBe('PENDING');

    await shopper.cancel();
    await shopper.text('This order was cancelled before it was shipped. Its items are back in stock.');
    await shopper.text('We have received no payment.');
    await eventually(focused, (text) => text === 'Order cancelled');
    expect(await ledgers.available()).toBe(100);
    expect(await shopper.storedCheckout()).toBeNull();
    expect(shopper.complaints).toEqual([]);
  });

  test('the page says that the gateway refuses the payment, and the order can be cancelled', async () => {
    const refusal = JSON.stringify({ status: 422, code: 'payment_refused', retryable: false, detail: 'refused' });
    const answer = { status: 422, contentType: 'application/problem+json', body: refusal };
    await page.route('**/payment/*/page', (route) => route.fulfill(answer));
    await page.goto('/');
    await shopper.button('Buy now').click();
    await shopper.text(/^The payment service refuses this payment\./);
    expect(await shopper.button('Try again').count()).toBe(0);
    await page.getByRole('link', { name: 'Your orders' }).click();
    await page.getByRole('link', { name: /^\d{4,}-/ }).click();
    await shopper.cancel();
    await shopper.text('This order was cancelled before it was shipped. Its items are back in stock.');
  });

  test('an unanswered cancellation continues after its dialog is closed', async () => {
    await shopper.buy();
    await page.goto('/');
    await page.getByRole('link', { name: 'See or cancel the order' }).click();
    await page.route('**/cancel', (route) => route.abort());
    await shopper.button('Cancel the order').click();
    await shopper.button('Yes, cancel it').click();
    await shopper.button('Close (the cancellation continues)').click();
    await page.unroute('**/cancel');
    await shopper.text('This order was cancelled before it was shipped. Its items are back in stock.');
    expect(await ledgers.available()).toBe(100);
  });

  test('an order cancelled in one tab and paid in another is refunded, and both tabs say so', async () => {
    await shopper.buy();
    const orderTab = await page.context().newPage();
    await orderTab.goto(store.apiUrl);
    await orderTab.getByRole('link', { name: 'See or cancel the order' }).click();
    await orderTab.getByRole('button', { name: 'Cancel the order' }).click();
    await orderTab.getByRole('button', { name: 'Yes, cancel it' }).click();
    await orderTab.getByText('If a payment still arrives, we refund it').waitFor();

    const orderId = await shopper.leaveGateway('Pay $99.99');
    await orderTab.getByText(/\$99\.99 was refunded on/).waitFor();
    await shopper.text(/\$99\.99 was refunded on/);
    expect(await keptOf(orderId)).toBe(0);
  });

  test('an order cancelled during its dispatch is refunded', async () => {
    await shopper.buy();
    const orderId = await shopper.leaveGateway('Pay $99.99');
    await shopper.text('Your order is being shipped.');
    await shopper.cancel();
    await shopper.text('This order was cancelled before it was shipped.');
    await shopper.text(/\$99\.99 was refunded on/);
    await shopper.text('Refund number');
    expect(await keptOf(orderId)).toBe(0);
    expect(await ledgers.available()).toBe(100);
    expect(shopper.complaints).toEqual([]);
  });

  test('a refund is shown as pending until the gateway has made it', async () => {
    const { gateway } = store.processes;
    await shopper.buy();
    const orderId = await shopper.leaveGateway('Pay $99.99');
    await shopper.text('Your order is being shipped.');
    await gateway.stop({ graceMs: 0 });
    await shopper.cancel();
    await shopper.text('Your refund of $99.99 is on its way.');
    gateway.start();
    await shopper.text(/\$99\.99 was refunded on/);
    expect(await keptOf(orderId)).toBe(0);
  });

  test('a dispatched order can no longer be cancelled, and the page says so', async () => {
    await shopper.buy();
    const orderId = await shopper.leaveGateway('Pay $99.99');
    await page.route('**/order/*/cancel', async (route) => {
      await eventually(
        () => ledgers.statusOf(orderId),
        (status) => status === 'DISPATCHED',
      );
      await route.continue();
    });
    await shopper.text('Your order is being shipped.');
    await shopper.cancel();
    await shopper.text('It is too late to cancel. Your order is already on its way.');
    await shopper.text('Your order is on its way.');
    expect(await keptOf(orderId)).toBe(9999);
  });

  test('a cancellation succeeds even if the api is down at first', async () => {
    const { api } = store.processes;
    await shopper.buy();
    await page.goto('/');
    await page.getByRole('link', { name: 'See or cancel the order' }).click();
    await shopper.button('Cancel the order').waitFor();
    await api.stop({ graceMs: 0 });
    await shopper.cancel();
    await page.getByRole('dialog').getByText('The store does not answer. Trying again…').waitFor();
    api.start();
    await shopper.text('This order was cancelled before it was shipped.');
    expect(await ledgers.available()).toBe(100);
  });
});

describe('the end of the payment window', () => {
  const paymentWindowMs = 8_000;
  const open = inStorefront({ paymentWindowMs });
  let { store, shopper, ledgers } = open;
  /** A shopper whose payment window ends during the first test. */
  let late: StorefrontShopper;
  beforeAll(async () => {
    late = await openShopper(open.browser, open.store);
    await late.buy();
  });
  beforeEach(() => {
    ({ store, shopper, ledgers } = open);
  });

  test('a payment with a lost webhook pays the order', async () => {
    await ledgers.behave({ lose: true });
    await shopper.buy();
    const orderId = await shopper.leaveGateway('Pay $99.99');
    await shopper.text('We are confirming your payment.');
    await shopper.text('Your order is being shipped.');
    expect(await ledgers.statusOf(orderId)).toBe('PAID');
  });

  test('a payment after the end is refunded, and the page says why', async () => {
    const [orderId = ''] = await ledgers.orderIds();
    await eventually(
      () => ledgers.statusOf(orderId),
      (status) => status === 'CANCELLED',
    );
    await late.leaveGateway('Pay $99.99');
    await late.text('This order was cancelled because no payment arrived in time.');
    await late.text(/\$99\.99 was refunded on/);
    await late.text('Your payment arrived later.');
    const gateway = testGateway({ url: store.gatewayUrl, apiKey: store.gatewayApiKey });
    expect(await gateway.keptMinor(await ledgers.paymentOf(orderId))).toBe(0);
    expect(late.complaints).toEqual([]);
  });

  test('the page shows that the order has expired, and the address of its payment leads back to the order', async () => {
    const { page } = shopper;
    await shopper.buy();
    const payment = new URL(page.url()).pathname.split('/').at(-1);
    await page.goto('/');
    await page.getByRole('link', { name: 'See or cancel the order' }).click();
    await shopper.text('This order was cancelled because no payment arrived in time.');
    const orderId = orderIdOf(page);
    await page.goto(`/shop/pay/${payment}`);
    await page.waitForURL(`**/shop/order/${orderId}`);
    expect(shopper.foreignRequests).toEqual([]);
  });
});
