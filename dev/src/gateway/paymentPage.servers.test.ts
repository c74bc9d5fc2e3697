import { createServer, type Server } from 'node:http';
import { storeName } from '@widget-store/contract';
import { type Browser, chromium } from 'playwright-core';
import { resolveChromium } from '../chromium';
import { inheritedEnvironment } from '../env';
import { freePort } from '../ports';
import { until } from '../until';
import { returnUrl, startTestGateway, type TestGateway } from './testGateway';

/** The hosted payment page, as plain HTTP and in a real Chromium. */
let gateway: TestGateway;
let browser: Browser;
let shop: Server;
let shopUrl: string;

beforeAll(async () => {
  gateway = await startTestGateway();
  const executablePath = await resolveChromium({ environment: inheritedEnvironment() });
  // Chromium does not start with its sandbox if it runs as root.
  const args = ['--disable-gpu', ...(process.getuid?.() === 0 ? ['--no-sandbox'] : [])];
  browser = await chromium.launch({ executablePath, headless: true, args });
  const port = await freePort();
  shopUrl = `http://127.0.0.1:${port}/order`;
  shop = createServer((_request, answer) => {
    answer.writeHead(200, { 'content-type': 'text/html' });
    answer.end('<link rel="icon" href="data:,"><h1>Your order</h1>');
  });
  await new Promise<void>((resolve) => void shop.listen(port, '127.0.0.1', () => resolve()));
});

afterAll(async () => {
  await browser.close();
  shop.close();
  shop.closeAllConnections();
  await gateway.stop();
});

const page = (paymentId: string) => gateway.call('GET', `/pay/${paymentId}`);
const press = (paymentId: string, action: string) => gateway.call('POST', `/pay/${paymentId}/${action}`);
const state = async (paymentId: string) => (await gateway.call('GET', `/v1/payments/${paymentId}`)).json;

async function openFor(paymentId: string, options: object): Promise<void> {
  const body = { payment_id: paymentId, amount_minor: 123456, currency: 'USD', return_url: returnUrl, ...options };
  expect((await gateway.call('POST', '/v1/payments', { body })).status).toBe(200);
}

test.each([
  ['pay', 'paid', 1234],
  ['decline', 'failed', 0],
  ['close', 'failed', 0],
])('%s leads back to the store, and the payment is %s', async (action, status, captured) => {
  const paymentId = await gateway.open();
  const answer = await press(paymentId, action);

  expect([answer.status, answer.headers.get('location')]).toEqual([303, returnUrl]);
  expect(await state(paymentId)).toMatchObject({ status, captured_minor: captured });
  await until(() => gateway.accepted.some(({ path }) => path === `/payment_webhook/${paymentId}/${status}`));
});

test('paying twice charges once, and leads back to the store each time', async () => {
  const paymentId = await gateway.open();
  const answers = await Promise.all([press(paymentId, 'pay'), press(paymentId, 'pay'), press(paymentId, 'pay')]);

  expect(answers.map((answer) => answer.headers.get('location'))).toEqual([returnUrl, returnUrl, returnUrl]);
  expect(await state(paymentId)).toMatchObject({ captured_minor: 1234 });
});

test('a settled payment shows its outcome, even after a request for another outcome', async () => {
  const paymentId = await gateway.open();
  await press(paymentId, 'decline');
  const late = await press(paymentId, 'pay');

  expect([late.status, late.headers.get('location')]).toEqual([303, `/pay/${paymentId}`]);
  const { text } = await page(paymentId);
  expect(text).toContain('Payment declined');
  expect(text).toContain(`href="${returnUrl}"`);
  expect(text).not.toContain('<form');
});

const lineItems = [
  { name: 'Premium <b>', quantity: 1, unit_amount_minor: 99_999 },
  { name: 'Pocket Widget', quantity: 3, unit_amount_minor: 7819 },
];

test('the page lists the items, and the API refuses items that do not add up', async () => {
  const paymentId = 'with-items';
  const discount = { name: 'Spring sale', quantity: 1, unit_amount_minor: -500 };
  const discounted = { amount_minor: 122_956, line_items: [...lineItems, discount] };
  await openFor(paymentId, { ...discounted, expires_at: '2030-01-31T12:34:56.000Z' });
  const { text } = await page(paymentId);
  expect(text).toContain('-$5.00');
  expect(text).toContain('Pay $1,229.56');
  expect(text).toContain('Premium &lt;b&gt;');
  expect(text).toContain('3 × Pocket Widget');
  expect(text).toContain('$234.57');
  expect(text).toContain('until 12:34 UTC');
  const body = { payment_id: 'other', amount_minor: 1, currency: 'USD', return_url: returnUrl, line_items: lineItems };
  const refused = await gateway.call('POST', '/v1/payments', { body });
  expect([refused.status, refused.json['code']]).toEqual([422, 'invalid_body']);
});

test.each([
  { leftMs: 125_000, shows: /^02:0[345] left to pay$/ },
  { leftMs: 7_265_000, shows: /^02:01:0[345] left to pay$/ },
  { leftMs: -1, shows: /^The time to pay has ended/ },
])('the page counts down the time that is left: $leftMs ms', async ({ leftMs, shows }) => {
  const paymentId = `with-a-deadline-${leftMs}`;
  await openFor(paymentId, { expires_at: new Date(Date.now() + leftMs).toISOString() });
  const tab = await browser.newPage();
  await tab.goto(`${gateway.url}/pay/${paymentId}`);
  const timer = tab.getByRole('timer');
  await timer.filter({ hasText: /left|ended/ }).waitFor();
  const shown = (await timer.textContent()) ?? '';
  expect(shown).toMatch(shows);
  if (leftMs > 0) await timer.filter({ hasText: shown }).waitFor({ state: 'detached' });
  await tab.close();
});

test('a page that asks for an address shows an example and validates the buyer; only the shop can read the buyer', async () => {
  const paymentId = 'with-an-address';
  await openFor(paymentId, { shipping_countries: ['GB', 'IE'] });
  const { text } = await page(paymentId);
  expect(text).toContain('value="imogen.thistlewick@example.org"');
  const buyer = { name: 'Ada <b>', email: 'ada@example.org', line1: '1 Road', city: 'Cork', country: 'IE' };
  const submit = (fields: Record<string, string>) =>
    fetch(`${gateway.url}/pay/${paymentId}/pay`, {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams({ ...buyer, line2: '', region: '', postal_code: '', phone: '', ...fields }),
    });
  for (const wrong of [{ name: ' ' }, { email: 'ada' }, { country: 'US' }, { city: '' }, { line1: 'x'.repeat(201) }]) {
    const answer = await submit(wrong);
    const refused = await answer.text();
    expect([answer.status, refused.match(/aria-invalid/g)]).toEqual([422, ['aria-invalid']]);
    expect(refused).not.toContain('Ada <b>');
  }
  const path = `/v1/payments/${paymentId}/buyer`;
  expect((await gateway.call('GET', path)).status).toBe(404);
  expect((await submit({})).status).toBe(303);
  expect((await gateway.call('GET', path, { headers: { authorization: 'Bearer wrong' } })).status).toBe(401);
  await gateway.kill();
  const { name, email, ...address } = buyer;
  const whole = { ...address, line2: null, region: null, postal_code: null };
  expect((await gateway.call('GET', path)).json).toEqual({ name, email, phone: null, address: whole });
  expect(JSON.stringify(await state(paymentId))).not.toContain('ada@');
});

test('a refund is shown', async () => {
  const paymentId = await gateway.open();
  await press(paymentId, 'pay');
  const headers = { 'idempotency-key': 'one' };
  await gateway.call('POST', `/v1/payments/${paymentId}/refunds`, { body: { amount_minor: 1234 }, headers });

  expect((await page(paymentId)).text).toContain('$12.34 was refunded.');
});

test.each([
  ['USD', '$1,234.56'],
  ['EUR', '€1,234.56'],
  ['JPY', '¥123,456'],
])('an amount of %s is written %s', async (currency, text) => {
  await openFor(`pay_${currency}`, { currency });

  expect((await page(`pay_${currency}`)).text).toContain(text);
});

test('the page has no inline code, and its forms can lead only to the gateway and the store', async () => {
  const paymentId = await gateway.open();
  const { headers, text } = await page(paymentId);

  expect(headers.get('content-security-policy')).toBe(
    "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' http://127.0.0.1:9",
  );
  expect(headers.get('cache-control')).toBe('no-store');
  expect(text).not.toMatch(/<script|<style|style=|onclick/);
});

test('the address that a shop sends never becomes markup on the page', async () => {
  await openFor('pay_markup', { return_url: 'http://127.0.0.1:9/"><script>alert(1)</script>' });
  await press('pay_markup', 'pay');

  expect((await page('pay_markup')).text).not.toContain('<script>');
});

test('the page of an unknown payment says that there is no such payment', async () => {
  for (const answer of [await page('pay_nobody'), await press('pay_nobody', 'pay')]) {
    expect(answer.status).toBe(404);
    expect(answer.text).toContain('No such payment');
  }
  expect((await press(await gateway.open(), 'steal')).status).toBe(404);
  expect((await gateway.call('GET', '/')).text).toContain('Payment sandbox');
});

test('the dashboard refunds and disputes once per form, and says why it refuses', async () => {
  const paymentId = await gateway.open();
  const dashboard = `/dashboard/${paymentId}`;
  expect((await gateway.call('GET', dashboard)).text).toContain('Nothing was captured');
  await press(paymentId, 'pay');
  expect((await page(paymentId)).text).toContain(`href="${dashboard}"`);
  const { headers, text } = await gateway.call('GET', dashboard);
  expect(headers.get('content-security-policy')).toContain("default-src 'self'");
  expect(text).not.toMatch(/<script|<style|style=|onclick/);
  const send = (path: string, fields: Record<string, string>) =>
    gateway.call('POST', `${dashboard}/${path}`, {
      body: new URLSearchParams(fields).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
    });
  const key = 'a'.repeat(32);

  for (const form of [send('refunds', { key, amount: '2.34' }), send('refunds', { key, amount: '2.34' })]) {
    expect(await form).toMatchObject({ status: 303 });
  }
  await send('disputes', { key, amount: '12,34', reason: 'fraudulent' });
  expect(await state(paymentId)).toMatchObject({
    refunded_minor: 234,
    refunds: [{ idempotency_key: null }],
    disputes: [{ amount_minor: 1234, reason: 'fraudulent', status: 'open' }],
  });
  for (const [amount, reason] of Object.entries({ '10.01': 'exceeds', '1.234': 'more than 0', x: 'more than 0' })) {
    const refused = await send('refunds', { key: 'b'.repeat(32), amount });
    expect([refused.status, refused.text]).toEqual([422, expect.stringContaining(reason)]);
  }
  expect(await send('refunds', {})).toMatchObject({ status: 422 });
  expect((await gateway.call('GET', '/dashboard/pay_nobody')).status).toBe(404);
  expect((await gateway.call('POST', '/dashboard/pay_nobody/refunds')).status).toBe(404);
});

test('an engineer refunds and disputes a payment in a browser at 390 px', async () => {
  const paymentId = await gateway.open();
  await press(paymentId, 'pay');
  const tab = await browser.newPage({ viewport: { width: 390, height: 844 } });
  const complaints: string[] = [];
  tab.on('console', (message) => complaints.push(message.text()));
  const button = (name: string) => tab.getByRole('button', { name }).click();
  const amount = tab.getByLabel('Amount, at most');

  await tab.goto(`${gateway.url}/pay/${paymentId}`);
  await tab.getByRole('link', { name: 'Refund or dispute it' }).click();
  await amount.first().fill('2.34');
  await tab.getByLabel('Leave it pending').check();
  await button('Refund');
  await button('Complete: the refund of $2.34');
  await button('Fail: the refund of $2.34');
  await tab.getByLabel('The next refund that the store asks for').selectOption('fails');
  await button('Save');
  await amount.last().fill('5');
  await button('Open a dispute');
  await button('The store loses: the dispute of $5.00');
  await tab.getByText('Lost by the store').waitFor();
  await amount.first().fill('99');
  await button('Refund');
  await tab.getByRole('alert').waitFor();

  expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBe(390);
  // The browser's console reports the refused form.
  expect(complaints).toEqual([expect.stringContaining('422')]);
  expect(await state(paymentId)).toMatchObject({
    refunds: [{ amount_minor: 234, status: 'failed' }],
    disputes: [{ amount_minor: 500, status: 'lost' }],
  });
  await tab.close();
});

test.each(['light', 'dark'] as const)('a shopper pays in a browser at 320 px, %s', async (colorScheme) => {
  const paymentId = `pay_browser_${colorScheme}`;
  await openFor(paymentId, {
    return_url: shopUrl,
    line_items: lineItems,
    expires_at: new Date(Date.now() + 60_000).toISOString(),
  });
  const context = await browser.newContext({ viewport: { width: 320, height: 640 }, colorScheme });
  const tab = await context.newPage();
  const complaints: string[] = [];
  tab.on('console', (message) => complaints.push(message.text()));

  await tab.goto(`${gateway.url}/pay/${paymentId}`);
  expect(await tab.evaluate(() => document.documentElement.scrollWidth)).toBe(320);
  await tab.getByRole('button', { name: 'Pay $1,234.56' }).click();
  await tab.getByRole('heading', { name: 'Your order' }).waitFor();

  await tab.goBack();
  await tab.reload();
  await tab.getByRole('heading', { name: 'Payment complete' }).waitFor();
  await tab.getByRole('link', { name: `Return to ${storeName}` }).click();
  await tab.getByRole('heading', { name: 'Your order' }).waitFor();
  expect(complaints).toEqual([]);
  expect(await state(paymentId)).toMatchObject({ status: 'paid', captured_minor: 123456 });
  await context.close();
});
