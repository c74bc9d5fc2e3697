import { join } from 'node:path';
import {
  freePorts,
  inheritedEnvironment,
  resolveChromium,
  startStore,
  type Store,
  type TemporaryDirectory,
  temporaryDirectory,
} from '@widget-store/dev';
import { type Browser, chromium, type Page } from 'playwright-core';
import { createTestDatabase, type TestDatabase } from './support/database';
import { sharedServers } from './support/env';
import { recordTicks } from './support/ticks';

const waitMs = 20_000;

const browserFlags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Chromium refuses its sandbox to root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

/** The built api and worker on a database of their own, and a real browser. */
export interface Storefront {
  store: Store;
  database: TestDatabase;
  /** Each shopper has a browser profile of their own. */
  openShopper(): Promise<Shopper>;
  close(): Promise<void>;
}

export interface Shopper {
  page: Page;
  /** What the browser's console complained of, and uncaught errors. */
  complaints: string[];
  /** Addresses outside the store that the page asked for. */
  foreignRequests: string[];
  /** What the dispatch progress bar showed, without repetitions. */
  shownProgress(): Promise<number[]>;
  close(): Promise<void>;
}

export async function openStorefront(): Promise<Storefront> {
  const environment = inheritedEnvironment();
  const [database, directory] = await Promise.all([createTestDatabase(), temporaryDirectory()]);
  const opened: (() => Promise<unknown>)[] = [() => database.drop(), () => directory.remove()];
  const close = async (): Promise<void> => {
    for (const closeOne of opened.toReversed()) await closeOne();
  };
  try {
    await recordTicks(database.sql);
    const store = await startServices({ database, directory });
    opened.push(() => store.stop());
    const executablePath = await resolveChromium({ environment });
    const browser = await chromium.launch({ executablePath, headless: true, args: browserFlags });
    opened.push(() => browser.close());
    return { store, database, openShopper: () => openShopper({ browser, baseURL: store.apiUrl }), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function startServices({ database, directory }: { database: TestDatabase; directory: TemporaryDirectory }) {
  const ports = await freePorts('api', 'worker', 'postgres', 'temporal');
  return startStore({
    dataDir: join(directory.path, 'data'),
    ports,
    environment: inheritedEnvironment(),
    databaseUrl: database.url,
    temporalAddress: sharedServers().temporalAddress,
    taskQueue: `storefront-${ports.api}`,
    demo: true,
    nodeEnv: 'production',
  });
}

async function openShopper({ browser, baseURL }: { browser: Browser; baseURL: string }): Promise<Shopper> {
  const context = await browser.newContext({ baseURL, locale: 'en-US' });
  context.setDefaultTimeout(waitMs);
  await context.addInitScript(recordProgress);
  const page = await context.newPage();
  const complaints: string[] = [];
  const foreignRequests: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  context.on('request', (request) => {
    if (new URL(request.url()).origin !== baseURL) foreignRequests.push(request.url());
  });
  return {
    page,
    complaints,
    foreignRequests,
    shownProgress: () => page.evaluate(() => Reflect.get(window, 'shownProgress') as number[]),
    close: () => context.close(),
  };
}

/** Runs in the page before its own scripts. Every change of the page is looked at, so that no value goes unseen. */
function recordProgress(): void {
  const shown: number[] = [];
  Reflect.set(window, 'shownProgress', shown);
  const look = (): void => {
    const value = document.querySelector('progress')?.value;
    if (value !== undefined && value !== shown.at(-1)) shown.push(value);
  };
  new MutationObserver(look).observe(document, { attributes: true, childList: true, subtree: true });
}
