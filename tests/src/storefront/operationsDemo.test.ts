import { readFile } from 'node:fs/promises';
import { eventually } from '../support/eventually';
import { setAvailable, stockOf } from '../support/store/database';
import { untilReplaced } from '../support/servers/processes';
import { shopperOf } from '../support/http/shopper';
import { quickDispatches } from '../support/store/store';
import { expectAccessible } from './expectAccessible';
import { inStorefront } from './setup';

const searchField = 'Number, buyer, e-mail or id';

describe('the operations page in demo mode', () => {
  const open = inStorefront({ worker: quickDispatches, extraEnvironment: { worker: { COLLECT_ADDRESS: 'GB,IE' } } });

  it('opens without a token and stores nothing in the browser', async () => {
    const { page } = open;
    await page.goto('/ops');
    await page.getByLabel(searchField).waitFor();
    expect(await page.getByLabel('Admin token').count()).toBe(0);
    const kept = await page.evaluate(() => [window.sessionStorage.length, window.localStorage.length]);
    expect(kept).toEqual([0, 0]);
    const orderId = await open.store.orderIdOf(await shopperOf(open.store.apiUrl).reserve());
    await page.goto(`/ops/order/${orderId}`);
    await page.getByText('Reserved for an order: 1 × Premium Quality Widget').waitFor();
  });

  it('shows where the parcel goes, finds the order by its buyer, and erases the buyer', async () => {
    const { page, shopper } = open;
    const { button, text } = shopper;
    await shopper.buy();
    await page.getByLabel('Name').fill('Ada Lovelace');
    await page.getByLabel('Country').selectOption('Ireland');
    await expectAccessible(page, 'payment-address');
    const orderId = await shopper.leaveGateway('Pay $99.99');
    await text('Ada Lovelace, 3 Otterburrow Row, YO1 7HH York, Ireland');
    await text('i…@example.org');
    await text('Your order is on its way.');
    await page.goto('/ops');
    const { order, send } = shopperOf(open.store.apiUrl);
    const { order_number: orderNumber } = await order(orderId);
    const csvLine = async () => (await send('GET', `/ops/orders.csv?query=${orderId}`)).text.trimEnd().split('\r\n')[1];
    expect(await csvLine()).toContain(
      ',Ada Lovelace,imogen.thistlewick@example.org,3 Otterburrow Row,,YO1 7HH,York,,IE,USD,',
    );
    const link = page.getByRole('link', { name: orderNumber });
    expect(await page.getByLabel(searchField).getAttribute('autocomplete')).toBe('off');
    for (const person of ['lovelace', 'imogen.thistlewick@example.org']) {
      await page.getByLabel(searchField).fill('Nobody');
      await button('Search').click();
      await text('No matching orders.');
      await page.getByLabel(searchField).fill(person);
      await button('Search').click();
      await link.waitFor();
      expect(new URL(page.url()).search).toBe('');
    }
    await link.click();
    await page.getByRole('link', { name: 'Back to the orders' }).click();
    await link.waitFor();
    expect(await page.getByLabel(searchField).inputValue()).toBe('imogen.thistlewick@example.org');
    expect(new URL(page.url()).search).toBe('');
    await link.click();
    const mail = page.getByRole('link', { name: 'imogen.thistlewick@example.org' });
    expect(await mail.getAttribute('href')).toBe('mailto:imogen.thistlewick@example.org');
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await button('Copy the address').click();
    await text('The address is copied.');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
      'Ada Lovelace\n3 Otterburrow Row\nYO1 7HH York\nIreland',
    );
    await expectAccessible(page, 'ops-buyer');
    await page.getByRole('link', { name: 'Packing slip' }).click();
    await button('Print the packing slip').waitFor();
    await page.emulateMedia({ media: 'print' });
    const recipient = page.getByText('Ada Lovelace');
    expect(await recipient.innerText()).toBe('Ada Lovelace\n3 Otterburrow Row\nYO1 7HH York\nIreland');
    expect(await button('Print the packing slip').isVisible()).toBe(false);
    await page.emulateMedia({ media: 'screen' });
    await page.getByRole('link', { name: 'Back to the order' }).click();
    const shop = await page.context().newPage();
    await shop.goto(`/shop/order/${orderId}`);
    const shown = shop.getByText('Ada Lovelace, 3 Otterburrow Row, YO1 7HH York, Ireland');
    await shown.waitFor();
    await button('Erase the buyer').click();
    await button('Yes, erase the buyer').click();
    await text('Buyer erased');
    await shown.waitFor({ state: 'detached' });
    await expectAccessible(page, 'ops-buyer-erased');
    expect(await page.getByText(/Lovelace/).count()).toBe(0);
    expect((await order(orderId)).ship_to).toBeNull();
    expect(await csvLine()).toContain(',1 × Premium Quality Widget,,,,,,,,,USD,');
    expect(shopper.complaints).toEqual([]);
  });

  it('says that nothing needs attention, or which product is out of stock, and books a delivery', async () => {
    const { page, store } = open;
    const { button, text } = open.shopper;
    await page.goto('/ops');
    await text('Nothing needs attention.');
    await page.getByRole('heading', { name: 'Automatic checks' }).waitFor();
    await setAvailable(store.store, 0, 5);
    await text('Outdoor Widget is out of stock.');
    await expectAccessible(page, 'ops-sold-out');
    await page.getByLabel('Units of Outdoor Widget received').fill('12');
    await button('Book in 12').press('Enter');
    await text('Nothing needs attention.');
    expect((await stockOf(store.sql, 5)).inventory).toBe(12);
  });

  it('after a won dispute, lists a cancelled order in one entry until an operator decides to keep the money', async () => {
    const { page, store } = open;
    const { button, text } = open.shopper;
    const { send, order, reserve } = shopperOf(store.apiUrl);
    const orderId = await store.orderIdOf(await reserve());
    await send('POST', `/order/${orderId}/cancel`);
    await store.sql`update orders set captured_minor = 9999, payment_status = 'paid' where order_id = ${orderId}`;
    await store.sql`
      insert into disputes (dispute_id, order_id, amount_minor, status, gateway_dispute_id, opened_at)
      values (${`dis_${'1'.repeat(32)}`}, ${orderId}, 9999, 'won', 'dp_kept', now())`;
    await page.goto('/ops');
    await text('After a won dispute, the store still has $99.99 of a cancelled order.');
    await expectAccessible(page, 'ops-money-kept');
    const { order_number: number } = await order(orderId);
    expect(await page.getByRole('link', { name: `Open order ${number}` }).count()).toBe(1);
    await button('Keep the money').click();
    await page.getByRole('dialog', { name: `Keep $99.99 of order ${number}?` }).waitFor();
    await button('Yes, keep it').click();
    await text('Nothing needs attention.');
    await page.goto(`/ops/order/${orderId}`);
    await text('Decided to keep the money after a dispute');
  });

  it('shows the orders of a day in low cards on a phone, and exports them', async () => {
    const { page, store } = open;
    const { button } = open.shopper;
    const orderId = await store.orderIdOf(await shopperOf(store.apiUrl).reserve());
    const { order_number: number } = await shopperOf(store.apiUrl).order(orderId);
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto('/ops');
    const rows = page.getByRole('list', { name: 'Orders' }).getByRole('listitem');
    await rows.filter({ hasText: number }).getByText('Premium Quality Widget').waitFor();
    const heights = await rows.evaluateAll((all) => all.map((row) => row.getBoundingClientRect().height));
    expect(Math.max(...heights)).toBeLessThanOrEqual(120);
    const from = page.getByLabel('Placed from');
    expect(await from.isVisible()).toBe(false);
    const today = await page.evaluate(() => new Date().toLocaleDateString('sv'));
    await page.getByLabel(searchField).fill(number);
    await button('Today').click();
    await page.waitForURL(`**/ops?query=${number}&from=${today}&to=${today}`);
    await page.locator(':focus', { hasText: /orders? found/ }).waitFor();
    expect([await button('Today').getAttribute('aria-pressed'), await from.isVisible()]).toEqual(['true', false]);
    expect((await rows.first().boundingBox())?.y).toBeLessThan(844);
    const download = page.waitForEvent('download');
    await button('Download as CSV').press('Enter');
    const file = await download;
    await page.getByText(`${file.suggestedFilename()} is saved.`).waitFor();
    expect(file.suggestedFilename()).toMatch(/^orders-\d{4}-\d\d-\d\d\.csv$/);
    const [heading, ...lines] = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
    // The file begins with a byte-order mark, so that spreadsheets read it as UTF-8.
    expect(heading).toBe(
      '\uFEFForder_number,placed_at_utc,status,payment_status,items,buyer,email,address_line1,address_line2,postal_code,city,region,country,currency,total,paid,refunded,paid_another_way,disputed,dispute_lost,dispute_status,shipping,discount,tax,fee,paid_at_utc,refunded_at_utc,paid_another_way_at_utc,shipped_at_utc,carrier,tracking_url',
    );
    expect(lines.find((line) => line.startsWith(number))).toMatch(
      /,\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,Awaiting payment,Not yet paid,1 × Premium Quality Widget,,,,,,,,,USD,99\.99,0\.00,0\.00,0\.00,0\.00,0\.00,,0,0,0,0,,,,,,$/,
    );
    await page.getByText('Days', { exact: true }).click();
    await page.getByLabel('Placed until').fill('2020-01-01');
    await button('Search').click();
    await page.getByText('No matching orders among those chosen above.').waitFor();
  });

  it('reports the rate limit to the operator, and recovers without a reload', async () => {
    const { page } = open;
    const tooMany = { code: 'rate_limited', detail: 'Too many requests.', retryable: true };
    const isCall = (url: URL) => url.pathname.startsWith('/ops/') && !url.pathname.startsWith('/ops/order/');
    const told = page.getByText('You have sent too many requests.').first();
    await page.goto('/ops');
    await page.getByText('Demonstration').waitFor();
    await page.route(isCall, (route) =>
      route.fulfill({ status: 429, contentType: 'application/problem+json', body: JSON.stringify(tooMany) }),
    );
    await told.waitFor();
    expect(await page.getByText('Something went wrong').count()).toBe(0);
    await page.unroute(isCall);
    await told.waitFor({ state: 'detached' });
  });

  it('has a bundle of its own, which the shop does not load', async () => {
    const { page } = open;
    const { button } = open.shopper;
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

  it('restocks the default product', async () => {
    const { page, store, shopper } = open;
    await setAvailable(store.store, 7);
    await page.goto('/ops');
    await page.getByText('Demonstration').click();
    await shopper.button('Restock Premium Quality Widget').click();
    await shopper.button('Yes, set it to 100').click();
    await page.getByText('100 units of the default product are available.').waitFor();
    expect((await stockOf(store.sql)).inventory).toBe(100);
  });

  it.each(['api', 'worker'] as const)('crashes only the %s', async (name) => {
    const { page, store } = open;
    const other = store.processes[name === 'api' ? 'worker' : 'api'];
    const { pid } = other;
    await page.goto('/ops');
    await page.getByText('Demonstration').click();
    await untilReplaced([store.processes[name]], async () => {
      await page.getByRole('button', { name: `Crash the ${name}` }).click();
      await page.getByText('The process crashed. Its supervisor restarts it.').first().waitFor();
    });
    await store.processes[name].whenReady({ deadlineMs: 60_000 });
    expect(other.pid).toBe(pid);
    expect(await page.getByRole('button', { name: /^Crash/ }).count()).toBe(2);
  });
});
