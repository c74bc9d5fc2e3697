import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser, Page } from 'playwright-core';
import { openBrowser, openVisitor, type Visitor } from './browser';
import { eventually } from '../support/eventually';
import { shopperOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';

const mostScriptBytes = 120 * 1024;
const mostPageBytes = 8 * 1024;
const mostPollBytes = 1024;

/** The cost of a shopper's first page, in a real Chromium. */
describe('the first page', () => {
  let store: TestStore;
  let browser: Browser;
  let visitor: Visitor;

  beforeAll(async () => {
    store = await startTestStore();
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await store?.close();
  });
  beforeEach(async () => {
    visitor = await openVisitor(browser, store);
  });
  afterEach(() => visitor.close());

  test('loads at most 120 KB of compressed scripts, from the store only', async () => {
    const scripts: Promise<Buffer>[] = [];
    const encodings: Promise<string | null>[] = [];
    visitor.page.on('response', (response) => {
      if (response.request().resourceType() !== 'script') return;
      scripts.push(response.body());
      encodings.push(response.headerValue('Content-Encoding'));
    });
    await visitor.page.goto('/', { waitUntil: 'networkidle' });
    const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).length);
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(mostScriptBytes);
    expect(new Set(await Promise.all(encodings))).toEqual(new Set(['gzip']));
    expect(visitor.foreignRequests).toEqual([]);
  });

  test('has no address of another site in its files', async () => {
    const root = join(__dirname, '../../../services/web/dist');
    const files = await readdir(root, { recursive: true, withFileTypes: true });
    const texts = await Promise.all(
      files.filter((file) => file.isFile()).map((file) => readFile(join(file.parentPath, file.name), 'utf8')),
    );
    const addresses = texts.flatMap((text) => text.match(/https?:\/\/[a-z][\w.-]+\.[a-z]+[^\s"'`)]*/gi) ?? []);
    // The browser never requests these addresses: XML namespaces, and the page that explains React's errors.
    const unasked = /^https?:\/\/(www\.w3\.org|react\.dev)\//;
    expect(addresses.filter((address) => !unasked.test(address))).toEqual([]);
  });

  test('shifts no layout while it loads, and has no animations with reduced motion', async () => {
    const { page } = visitor;
    const shopper = shopperOf(store.apiUrl);
    const { text: orderId } = await shopper.webhook(await shopper.reserve(), 'failed');
    await page.addInitScript(
      (kept) => {
        for (const [name, value] of Object.entries(kept)) window.localStorage.setItem(name, JSON.stringify(value));
      },
      { 'widget-store.orders': [orderId], 'widget-store.cart': [{ productId: 2, quantity: 2 }] },
    );
    await page.emulateMedia({ reducedMotion: 'reduce' });
    await page.addInitScript(() => {
      Reflect.set(window, 'shifts', 0);
      new PerformanceObserver((list) => {
        for (const entry of list.getEntries())
          Reflect.set(window, 'shifts', Number(Reflect.get(window, 'shifts')) + Number(Reflect.get(entry, 'value')));
      }).observe({ type: 'layout-shift', buffered: true });
    });
    for (const path of ['/', '/shop/cart', '/shop/orders']) {
      await page.goto(path, { waitUntil: 'networkidle' });
      expect([path, await page.evaluate(() => Reflect.get(window, 'shifts') as number)]).toEqual([path, 0]);
      expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
    }
  });

  test('of a catalogue of 3,000 products is small; its polls are small too, and show a change', async () => {
    const { page } = visitor;
    await store.sql`
      insert into products (product_id, name, description, price_minor, currency)
      select n, 'Widget ' || n, 'A widget of ' || md5(n::text), 1000 + n, 'USD' from generate_series(7, 3000) as n`;
    const sizes = await sizesOfProducts(page);
    await page.goto('/');
    await eventually(
      () => sizes.length,
      (count) => count >= 3,
    );
    const [first = 0, ...polls] = sizes;
    expect(first).toBeLessThan(mostPageBytes);
    expect(Math.max(...polls)).toBeLessThan(mostPollBytes);
    expect(await page.locator('.card').count()).toBe(48);

    await store.sql`update products set name = 'Renamed Widget' where product_id = 40`;
    await page.getByRole('heading', { name: 'Renamed Widget' }).waitFor();
    await page.getByRole('link', { name: 'Next page' }).click();
    await page.getByRole('heading', { name: 'Widget 50', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Next page' }).click();
    await page.getByRole('heading', { name: 'Widget 99', exact: true }).waitFor();
    await page.getByRole('link', { name: 'Previous page' }).click();
    await page.getByRole('heading', { name: 'Widget 50', exact: true }).waitFor();
    await page.getByRole('link', { name: 'First page' }).click();
    await page.getByRole('heading', { name: 'Premium Quality Widget' }).waitFor();
  });
});

/**
 * Returns an array that receives the size of each answer to a request for products, in bytes as transferred over the
 * network.
 */
async function sizesOfProducts(page: Page): Promise<number[]> {
  const sizes: number[] = [];
  const asked = new Set<string>();
  const session = await page.context().newCDPSession(page);
  session.on('Network.requestWillBeSent', ({ requestId, request }) => {
    if (new URL(request.url).pathname === '/products') asked.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (asked.has(requestId)) sizes.push(encodedDataLength);
  });
  await session.send('Network.enable');
  return sizes;
}
