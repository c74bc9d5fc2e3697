import { randomBytes, randomUUID } from 'node:crypto';
import { type Charge, openTill, type Till } from '../support/gateway/charges';
import { eventually } from '../support/eventually';
import { bearer, json, problemOf } from '../support/http/shopper';
import { quickDispatches } from '../support/store/store';
import { expectAccessible } from './expectAccessible';
import { inStorefront } from './setup';

const uiUrl = 'http://temporal.example';
const searchField = 'Number, buyer, e-mail or id';
const readToken = randomBytes(24).toString('hex');

const extraEnvironment = { api: { TEMPORAL_UI_URL: uiUrl, ADMIN_TOKENS: `ben:${readToken}:read` } };

/** The built operations pages in a real Chromium, with api and worker as separate processes. */
describe('the operations page outside demo mode', () => {
  const open = inStorefront({ demo: false, worker: quickDispatches, extraEnvironment });
  let { store, shopper: visitor, page } = open;
  let till: Till;

  beforeAll(async () => {
    till = await openTill(open.store);
  });
  beforeEach(async () => {
    ({ store, shopper: visitor, page } = open);
    // The tests deliver the webhooks themselves.
    await till.gateway.behave({ lose: true });
  });

  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const text = (content: string | RegExp) => page.getByText(content).first().waitFor();

  async function logIn(path: string, token = store.adminToken): Promise<void> {
    await page.goto(path);
    await page.getByLabel('Admin token').fill(token);
    await button('Use this token').click();
  }

  async function search(query: string): Promise<void> {
    await page.getByLabel(searchField).fill(query);
    await button('Search').click();
    await page.waitForURL(`**/ops?query=${query}`);
  }

  it('asks for the admin token, rejects a wrong one, and stores the right one until the tab is closed', async () => {
    const field = page.getByLabel('Admin token');
    await page.goto('/ops');
    await text('Enter the admin token.');
    await expectAccessible(page, 'ops-token');
    await field.fill(randomUUID());
    await button('Use this token').click();
    await text('Wrong admin token.');
    await expectAccessible(page, 'ops-token-wrong');
    await field.fill(store.adminToken);
    await button('Use this token').click();
    await page.getByLabel(searchField).waitFor();
    await page.reload();
    await page.getByLabel(searchField).waitFor();
    expect(await field.count()).toBe(0);
    const kept = await page.evaluate(() => [window.sessionStorage.length, window.localStorage.length]);
    expect(kept).toEqual([1, 0]);
    await button('Forget the token').click();
    await text('Enter the admin token.');
  });

  it('finds an order by each of its ids and by its status, and links to the runs of the order', async () => {
    const charge = await till.charge();
    await till.tell(charge, 'paid');
    const { order_number: orderNumber } = await till.shopper.order(charge.orderId);
    const withoutCheck = orderNumber.replace(/-.*/, '');
    const link = page.getByRole('link', { name: orderNumber });
    const rows = page.getByRole('list', { name: 'Orders' }).getByRole('listitem');
    await logIn('/ops');
    for (const id of [charge.orderId, charge.paymentId, charge.key, orderNumber, withoutCheck]) {
      await search(id);
      await link.waitFor();
      await eventually(
        () => rows.count(),
        (count) => count === 1,
      );
    }
    await button(/^Awaiting payment/).click();
    await text('No matching orders among those chosen above.');
    await button('All').click();
    await link.waitFor();
    await page.evaluate(() => window.scrollTo(0, 0));
    await expectAccessible(page, 'ops');
    await link.click();

    await page.getByText('Technical details').press('Enter');
    await page.getByRole('heading', { name: 'Runs in Temporal' }).waitFor();
    for (const id of [`checkout/${charge.key}`, `dispatch/${charge.orderId}`]) {
      const run = page.getByRole('link', { name: id });
      await run.waitFor();
      expect(await run.getAttribute('href')).toBe(`${uiUrl}/namespaces/default/workflows/${encodeURIComponent(id)}`);
    }
    for (const line of [
      'Reserved for an order: 1 × Premium Quality Widget',
      'Payment pending → paid',
      'Signal payment',
      'Done: mark the order paid',
    ]) {
      await text(line);
    }
    await text('Order paid → shipped');
    await page.evaluate(() => window.scrollTo(0, 0));
    await expectAccessible(page, 'ops-order');
    // The browser's console reports every refused request as an error.
    expect(visitor.complaints.filter((complaint) => !complaint.includes('401'))).toEqual([]);
    expect(visitor.foreignRequests).toEqual([]);
  });

  it('tells an operator with a read-only token why buttons are disabled, and cancels nothing', async () => {
    const { orderId } = await till.open();
    await logIn('/ops', readToken);
    await text('Signed in as ben. Your admin token allows reading only.');
    await expectAccessible(page, 'ops-read-only');
    await page.goto(`/ops/order/${orderId}`);
    const cancel = button('Cancel the order');
    await cancel.and(page.locator('[aria-describedby]')).press('Enter');
    expect([await cancel.getAttribute('aria-disabled'), await page.getByRole('dialog').count()]).toEqual(['true', 0]);
    expect((await till.shopper.order(orderId)).status).toBe('PENDING');
  });

  it('cancels an order', async () => {
    const charge: Charge = await till.open();
    await logIn(`/ops/order/${charge.orderId}`);
    await button('Cancel the order').click();
    await text('Cancel this order?');
    await expectAccessible(page, 'ops-question');
    await button('No, go back').click();
    expect((await till.shopper.order(charge.orderId)).status).toBe('PENDING');
    await button('Cancel the order').click();
    await button('Yes, cancel it').click();
    await text('Order awaiting payment → cancelled');
    await text('It cannot be shipped, cancelled or refunded.');
    expect(await button(/^(Mark as shipped|Cancel the order|Refund)/).count()).toBe(0);
    expect((await till.shopper.order(charge.orderId)).cancel_reason).toBe('cancelled');
  });

  it('shows a partial refund, a refund made at the gateway, and a refund of the rest after a lost dispute', async () => {
    await till.gateway.behave({});
    const { orderId, paymentId } = await sellTwo();
    await logIn(`/ops/order/${orderId}`);
    await page.getByLabel('Pieces that come back into stock: Silent Widget (at most 1)').fill('1');
    await page
      .getByLabel(/^Amount/)
      .and(page.locator('[value="149.00"]'))
      .waitFor();
    await button('Refund $149.00').waitFor();
    await page.getByLabel(/^Reason/).fill('Scratched');
    await refund('20.00', { stock: 'Back into stock: 1 × Silent Widget.' });
    await text('1 returned to stock');
    await expectEmptyAmount();
    await text(/→ partially refunded/);
    await text('Refunded 20.00 USD');
    await text('The refund is made.');
    await text('asked for by operator: Scratched');
    const { refunds, status } = await till.shopper.order(orderId);
    expect(status).toBe('DISPATCHED');
    await page.getByText('Technical details').click();
    await page.getByRole('link', { name: `refund/${refunds[0]?.refund_id}` }).waitFor();
    expect(await till.gateway.keptMinor(paymentId)).toBe(14899);

    const opened = page.waitForEvent('popup');
    await page.getByRole('link', { name: "The payment in the sandbox gateway's dashboard" }).click();
    const dashboard = await opened;
    await dashboard.getByLabel('Amount, at most $148.99').fill('30');
    await dashboard.getByRole('button', { name: 'Refund', exact: true }).click();
    await dashboard.getByLabel('Amount, at most $168.99').fill('50');
    await dashboard.getByRole('button', { name: 'Open a dispute' }).click();
    await expectAccessible(dashboard, 'dashboard');
    await text("asked for by somebody in the gateway's dashboard");
    await text("The shopper's bank holds this money.");
    await dashboard.getByRole('button', { name: 'The store loses' }).click();
    await text('The store has lost this money.');
    await page.getByRole('heading', { name: 'Refunds', exact: true }).scrollIntoViewIfNeeded();
    await expectAccessible(page, 'ops-refunded');
    await button('Fill in all: $68.99').click();
    await refund('68.99');
    await text('Nothing is left to refund.');
    expect(await button('Refund the payment').getAttribute('aria-disabled')).toBe('true');
    const headers = { ...bearer(store.adminToken), ...json, 'Idempotency-Key': 'more' };
    const more = { headers, body: JSON.stringify({ amount_minor: 1 }) };
    const refused = await till.shopper.send('POST', `/order/${orderId}/refunds`, more);
    expect([refused.status, problemOf(refused).code]).toEqual([422, 'refund_exceeds_captured']);
    await page.getByLabel('Pieces that came back: Pocket Widget (at most 1)').fill('1');
    await page.getByLabel('Note (shoppers do not see it)').fill('Undelivered');
    await expectAccessible(page, 'ops-return');
    await button('Book back into stock').click();
    await text('Back into stock: 1 × Pocket Widget.');
    await button('Yes, book them in').click();
    await text('Returned: 1 × Pocket Widget');
    await button('Book back into stock').waitFor({ state: 'detached' });
    await text('The pieces are back in stock.');

    await page.goto(`/shop/order/${orderId}`);
    await text(/\$118\.99 was refunded in 3 parts/);
    for (const amount of ['-$20.00', '-$30.00', '-$68.99']) await text(amount);
    await expectAccessible(page, 'partly-refunded');
    expect(await till.gateway.keptMinor(paymentId)).toBe(5000);
    expect(visitor.complaints.filter((complaint) => !complaint.includes('401'))).toEqual([]);
  });

  it('shows a failed refund and an open dispute first, and makes the failed refund again', async () => {
    await till.gateway.behave({});
    const { orderId, paymentId } = await till.charge();
    await page.goto(`${store.gatewayUrl}/dashboard/${paymentId}`);
    await page.getByLabel('Amount, at most $99.99').last().fill('50');
    await button('Open a dispute').click();
    await page.getByLabel('The next refund that the store asks for').selectOption('fails');
    await button('Save').click();
    await logIn(`/ops/order/${orderId}`);
    await text('Amount (at most $49.99)');
    await refund('10.00', { result: 'The refund has failed. The list of refunds says what you can do.' });
    await button('Refund again').waitFor();
    await page.goto('/ops');
    await text('A refund of $10.00 failed.');
    await text('A shopper disputes $50.00.');
    await expectAccessible(page, 'ops-attention');
    await page.goto(`/shop/order/${orderId}`);
    await text('Your refund of $10.00 failed, so you have not received this money.');
    await page.goto(`/ops/order/${orderId}`);
    await button('Refund again').click();
    const dialog = page.getByRole('dialog', { name: /^Refund \$10\.00 of \$99\.99 for order / });
    await expectAccessible(page, 'ops-refund');
    await dialog.getByRole('button', { name: 'Yes, refund it' }).click();
    await text('Amount (at most $39.99)');
    await button('Refund again').waitFor({ state: 'detached' });
    await page.goto('/ops');
    await text('A shopper disputes $50.00.');
    expect(await page.getByText('A refund of').count()).toBe(0);
  });

  it('marks a failed refund as settled if an operator says that the shopper was paid another way', async () => {
    await till.gateway.behave({});
    const { orderId } = await till.charge();
    const refundId = `ref_${'1'.repeat(32)}`;
    await store.sql`
      insert into refunds (refund_id, order_id, amount_minor, status, source)
      values (${refundId}, ${orderId}, 1000, 'failed', 'operator')`;
    await logIn(`/ops/order/${orderId}`);
    await button('Paid another way').click();
    await text('The store records that the shopper has received $10.00 outside the gateway.');
    await page.getByLabel('How (optional, shoppers do not see it)').fill('Bank transfer 2026-11-30');
    await button('Yes, $10.00 was paid').click();
    await text('The shopper was paid another way.');
    await text('Bank transfer 2026-11-30');
    await button('Refund again').waitFor({ state: 'detached' });
    await page.goto(`/shop/order/${orderId}`);
    await text('Paid, $10.00 paid back another way');
    await text('The shop has paid $10.00 back to you another way.');
    expect((await till.shopper.order(orderId)).refunds).toEqual([]);
  });

  it('sends one failed event again, or all failed events at once', async () => {
    const { orderId } = await till.charge();
    await store.sql`
      insert into outgoing_events (event_id, order_id, type, data, last_result, due_at, failed_at)
      values (${`evt_${'1'.repeat(32)}`}, ${orderId}, 'order.paid', '{}', 'status 410', null, now())`;
    await logIn('/ops');
    const failed = page.getByText(/The event order\.paid could not be delivered/).first();
    await failed.waitFor();
    await button('Send again').click();
    await failed.waitFor({ state: 'detached' });
    const due = { failed_at: null, due: true };
    const events = () => store.sql`select failed_at, due_at <= now() as due from outgoing_events`;
    expect(await events()).toEqual([due]);

    await store.sql`
      insert into outgoing_events (event_id, order_id, type, data, last_result, due_at, failed_at)
      select 'evt_' || repeat(n::text, 32), ${orderId}, 'order.paid', '{}', 'status 500', null, now()
      from generate_series(2, 4) as n`;
    await button('Send all again').click();
    await failed.waitFor({ state: 'detached' });
    expect(await events()).toEqual([due, due, due, due]);
  });

  async function refund(
    amount: string,
    { stock = 'Nothing goes back into stock.', result }: { stock?: string; result?: string } = {},
  ): Promise<void> {
    await page.getByLabel(/^Amount/).fill(amount);
    await button(`Refund $${amount}`).click();
    const question = page.getByRole('dialog');
    await question.getByText(`The gateway refunds $${amount}.`).waitFor();
    await question.getByText(stock).waitFor();
    await button('Yes, refund it').click();
    await text(result ?? /The refund (has started|is made)\./);
  }

  /** After a refund, the form proposes no amount. */
  async function expectEmptyAmount(): Promise<void> {
    await eventually(
      () => page.getByLabel(/^Amount/).inputValue(),
      (amount) => amount === '',
    );
  }

  /** Buys two products for $168.99 in the browser, and waits until the order is dispatched. */
  async function sellTwo(): Promise<{ orderId: string; paymentId: string }> {
    await page.goto('/');
    await button('Add to cart: Pocket Widget').click();
    await button('Add to cart: Silent Widget').click();
    await page.getByRole('link', { name: /^Cart/ }).click();
    await button('Continue to payment · $168.99').click();
    await visitor.arrivesAtGateway();
    const orderId = await visitor.leaveGateway('Pay $168.99');
    await text('Your order is on its way.');
    const { payment_id: paymentId } = await till.shopper.order(orderId);
    return { orderId, paymentId: paymentId ?? '' };
  }

  it('reports an unknown order', async () => {
    await logIn(`/ops/order/ord_${'0'.repeat(32)}`);
    await text('Order not found.');
    await expectAccessible(page, 'ops-unknown');
    expect(await page.getByRole('table').count()).toBe(0);
  });

  it('has no tools for demonstrations', async () => {
    // The response to `/settings` tells the page whether the store is in demo mode.
    const settings = page.waitForResponse((response) => new URL(response.url()).pathname === '/settings');
    await logIn('/ops');
    await (await settings).finished();
    await page.getByLabel(searchField).waitFor();
    // Waits for two frames, after which React has rendered the page with the settings.
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    expect(await page.getByText('Demonstration').count()).toBe(0);
  });
});
