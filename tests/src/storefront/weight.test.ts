import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Browser } from 'playwright-core';
import { openBrowser, openVisitor, type Visitor } from './browser';
import { shopperOf } from '../support/http/shopper';
import { startTestStore, type TestStore } from '../support/store/store';

const mostScriptBytes = 120 * 1024;

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
    visitor.page.on('response', (response) => {
      if (response.request().resourceType() === 'script') scripts.push(response.body());
    });
    await visitor.page.goto('/', { waitUntil: 'networkidle' });
    const sizes = (await Promise.all(scripts)).map((script) => gzipSync(script).length);
    expect(sizes.length).toBeGreaterThan(0);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(mostScriptBytes);
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
});
