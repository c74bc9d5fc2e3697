import type { Browser, Page } from 'playwright-core';
import { openBrowser } from './browser';
import { ledgersOf, openShopper, type StorefrontShopper } from './steps';
import { setAvailable } from '../support/store/database';
import { eventually } from '../support/eventually';
import { startTestStore, type TestStore, type TestStoreOptions } from '../support/store/store';

interface OpenStorefront {
  store: TestStore;
  browser: Browser;
  ledgers: ReturnType<typeof ledgersOf>;
  /** A new shopper for each test. */
  shopper: StorefrontShopper;
  page: Page;
}

/**
 * Starts a store and a browser for the tests of the `describe` that calls this function. Before each test, fills the
 * stock and makes the gateway reliable.
 *
 * @returns an object whose properties are set before each test
 */
export function inStorefront(options: TestStoreOptions = {}): OpenStorefront {
  const open = {} as OpenStorefront;
  beforeAll(async () => {
    open.store = await startTestStore(options);
    open.ledgers = ledgersOf(open.store);
    open.browser = await openBrowser();
  });
  afterAll(async () => {
    await open.browser?.close();
    await open.store?.close();
  });
  beforeEach(async () => {
    await open.ledgers.behave({});
    await eventually(
      () => setAvailable(open.store.store, 100),
      () => true,
    );
    open.shopper = await openShopper(open.browser, open.store);
    open.page = open.shopper.page;
  });
  afterEach(() => open.shopper.close());
  return open;
}
