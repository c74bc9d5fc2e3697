import { inheritedEnvironment, resolveChromium } from '@widget-store/dev';
import { type Browser, chromium, type Page } from 'playwright-core';

const waitMs = 60_000;

const flags = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  // Chromium does not start with its sandbox if it runs as root.
  ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
];

export async function openBrowser(): Promise<Browser> {
  const executablePath = await resolveChromium({ environment: inheritedEnvironment() });
  return chromium.launch({ executablePath, headless: true, args: flags });
}

/** A visitor of the store, with a separate browser profile. */
export interface Visitor {
  page: Page;
  /** The warnings and errors in the browser's console, and uncaught errors. */
  complaints: string[];
  /** The requested addresses that belong neither to the store nor to its gateway. */
  foreignRequests: string[];
  /** Returns the values that the progress bar of the dispatch has shown, without repetitions. */
  shownProgress(): Promise<number[]>;
  close(): Promise<void>;
}

interface Address {
  apiUrl: string;
  gatewayUrl: string;
}

export async function openVisitor(browser: Browser, { apiUrl: baseURL, gatewayUrl }: Address): Promise<Visitor> {
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
    if (![baseURL, gatewayUrl].includes(new URL(request.url()).origin)) foreignRequests.push(request.url());
  });
  return {
    page,
    complaints,
    foreignRequests,
    shownProgress: () => page.evaluate(() => Reflect.get(window, 'shownProgress') as number[]),
    close: () => context.close(),
  };
}

/** Runs in the page before the page's own scripts. Reads the progress bar at every change of the page. */
function recordProgress(): void {
  const shown: number[] = [];
  Reflect.set(window, 'shownProgress', shown);
  const look = (): void => {
    const value = document.querySelector('progress')?.value;
    if (value !== undefined && value !== shown.at(-1)) shown.push(value);
  };
  new MutationObserver(look).observe(document, { attributes: true, childList: true, subtree: true });
}
