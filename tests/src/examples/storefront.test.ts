import { cp, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import {
  freePorts,
  inheritedEnvironment,
  repositoryRoot,
  runToEnd,
  supervise,
  type SupervisedProcess,
  temporaryDirectory,
  type TemporaryDirectory,
} from '@widget-store/dev';
import type { Browser } from 'playwright-core';
import { openBrowser, openVisitor, type Visitor } from '../storefront/browser';
import { eventually } from '../support/eventually';
import { setAvailable } from '../support/store/database';
import { startTestStore, type TestStore } from '../support/store/store';

/** Where the packages of the example are installed. */
const packages = {
  vite: 'services/web/node_modules/vite',
  'openapi-fetch': 'node_modules/openapi-fetch',
  'openapi-typescript': 'tests/node_modules/openapi-typescript',
  typescript: 'tests/node_modules/typescript',
};

describe('the example storefront', () => {
  let directory: TemporaryDirectory;
  let frontUrl: string;
  let store: TestStore;
  let program: SupervisedProcess;
  let browser: Browser;
  let visitor: Visitor;

  /** Runs a program of a package in a copy of the example. @returns its last lines of output */
  const run = (name: string, ...args: string[]): Promise<string[]> =>
    runToEnd({ name, command: process.execPath, args: [pathOf(name), ...args], ...place(), deadlineMs: 60_000 });
  const pathOf = (name: string) => join(directory.path, 'node_modules', name);
  const place = () => ({
    cwd: directory.path,
    env: { ...inheritedEnvironment(), VITE_STORE_URL: store.apiUrl },
  });

  beforeAll(async () => {
    const { front } = await freePorts('front');
    frontUrl = `http://127.0.0.1:${front}`;
    const both = { STOREFRONT_URL: frontUrl };
    [directory, browser, store] = await Promise.all([
      copyExample(),
      openBrowser(),
      startTestStore({ worker: { tickMs: 50 }, extraEnvironment: { api: both, worker: both } }),
    ]);
    await run('vite/bin/vite.js', 'build');
    program = supervise({
      name: 'storefront',
      command: process.execPath,
      args: [pathOf('vite/bin/vite.js'), 'preview', '--host', '127.0.0.1', '--port', String(front), '--strictPort'],
      ...place(),
      isReady: async () => (await fetch(frontUrl)).ok,
      onLine: (line) => store.lines.push(`storefront | ${line}`),
    });
    await program.whenReady({ deadlineMs: 60_000 });
  });
  beforeEach(async () => {
    visitor = await openVisitor(browser, { apiUrl: frontUrl, gatewayUrl: store.gatewayUrl });
  });
  afterEach(() => visitor.close());
  afterAll(async () => {
    await program?.stop();
    await store?.close();
    await browser?.close();
    await directory?.remove();
  });

  /** Buys the first product, and waits for the gateway's page. */
  async function buy(): Promise<void> {
    const { page } = visitor;
    await page.goto('/');
    await page.getByRole('button', { name: 'Buy for $99.99' }).first().click();
    await page.waitForURL(`${store.gatewayUrl}/pay/pay_*`);
  }

  it('compiles with types that are generated from the OpenAPI document of the store', async () => {
    await run('openapi-typescript/bin/cli.js', `${store.apiUrl}/openapi.json`, '-o', 'src/store.d.ts');
    expect(await run('typescript/bin/tsc')).toEqual([]);
  });

  it('sells from another origin: the shopper buys, pays and watches the order until it is sent', async () => {
    const { page } = visitor;
    await buy();
    await page.getByRole('button', { name: 'Pay $99.99' }).click();
    await page.waitForURL(`${frontUrl}/shop/order/ord_*?returned`);
    await page.getByText('It is on its way.').waitFor();
    expect(await page.getByText('Total: $99.99').count()).toBe(1);
    expect(visitor.complaints).toEqual([]);
    expect(new Set(visitor.foreignRequests.map((address) => new URL(address).origin))).toEqual(new Set([store.apiUrl]));

    const orderPath = new URL(page.url()).pathname;
    await page.goto(`${store.apiUrl}${orderPath}`);
    await page.waitForURL(frontUrl + orderPath);
    await page.goto(`${store.apiUrl}${orderPath.replace('/shop/', '/ops/')}`);
    await page.getByRole('link', { name: "The shopper's order page" }).click();
    await page.waitForURL(frontUrl + orderPath);
  });

  it('links a waiting order to its payment page, and can cancel the order', async () => {
    const { page } = visitor;
    await buy();
    const paymentId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
    const orderPath = `/shop/order/${await store.orderIdOf(paymentId)}`;
    await page.goto(orderPath);
    await page.getByRole('link', { name: 'Pay now' }).click();
    await page.waitForURL(`${store.gatewayUrl}/pay/${paymentId}`);
    await page.goto(orderPath);
    await page.getByRole('button', { name: 'Cancel the order' }).click();
    await page.getByText('Cancelled.').waitFor();
    expect(await page.getByRole('link', { name: 'Pay now' }).count()).toBe(0);
    expect(visitor.complaints).toEqual([]);
  });

  it('continues a checkout after a lost answer and a reload, without a second order', async () => {
    const { page } = visitor;
    const ordersBefore = await store.sql`select 1 from orders`;
    await page.goto('/');
    // First the shop's proxy answers in place of the api, then the connection breaks.
    let lost = 0;
    await page.route(`${store.apiUrl}/checkout/*`, async (route) => {
      await route.fetch();
      lost += 1;
      if (lost > 1) return route.abort();
      return route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad Gateway</h1>' });
    });
    await page.getByRole('button', { name: 'Buy for $99.99' }).first().click();
    await page.getByText('The shop cannot be reached.').waitFor();
    await eventually(
      () => lost,
      (now) => now > 1,
    );
    await page.unroute(`${store.apiUrl}/checkout/*`);
    await page.reload();
    await page.waitForURL(`${store.gatewayUrl}/pay/pay_*`);
    const orders = await store.sql`select 1 from orders`;
    expect(orders.length).toBe(ordersBefore.length + 1);
  });

  it('shows an error, and forgets the checkout, if a product has sold out meanwhile', async () => {
    const { page } = visitor;
    await page.goto('/');
    const buyButton = page.getByRole('button', { name: 'Buy for $99.99' }).first();
    await buyButton.waitFor();
    await eventually(
      () => setAvailable(store.store, 0),
      () => true,
    );
    await buyButton.click();
    await page.getByText('Checkout failed to start').waitFor();
    expect(await page.evaluate(() => window.localStorage.length)).toBe(0);
  });
});

async function copyExample(): Promise<TemporaryDirectory> {
  const directory = await temporaryDirectory();
  const filter = (path: string) => !/(?:node_modules|dist|store\.d\.ts)$/.test(path);
  await cp(join(repositoryRoot, 'examples/storefront'), directory.path, { recursive: true, filter });
  const modules = join(directory.path, 'node_modules');
  await mkdir(modules);
  for (const [name, path] of Object.entries(packages)) await symlink(join(repositoryRoot, path), join(modules, name));
  return directory;
}
