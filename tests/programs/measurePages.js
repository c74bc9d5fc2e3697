// Measures how fast three pages of a running store load for a first-time visitor:
//   make dev, then: node tests/programs/measurePages.js [address] [loads]
// For each page, prints the largest contentful paint (minimum, median and maximum in milliseconds) and the largest
// layout shift. Each load uses a new browser context, which has no cache.
const { inheritedEnvironment, resolveChromium } = require('@widget-store/dev');
const { chromium } = require('playwright-core');

const [address = 'http://127.0.0.1:3000', loads = '20'] = process.argv.slice(2);

/** Runs in the page before the page's own scripts. */
function watchPaints() {
  window.paints = { largestMs: 0, shift: 0 };
  new PerformanceObserver((list) => {
    for (const { startTime } of list.getEntries()) window.paints.largestMs = startTime;
  }).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => {
    for (const { value } of list.getEntries()) window.paints.shift += value;
  }).observe({ type: 'layout-shift', buffered: true });
}

async function load(browser, path) {
  const context = await browser.newContext();
  await context.addInitScript(watchPaints);
  const page = await context.newPage();
  await page.goto(address + path, { waitUntil: 'networkidle' });
  await page.waitForFunction(() => window.paints.largestMs > 0);
  const paints = await page.evaluate(() => window.paints);
  await context.close();
  return paints;
}

async function main() {
  const executablePath = await resolveChromium({ environment: inheritedEnvironment() });
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  for (const path of ['/', '/shop/cart', '/shop/orders']) {
    const seen = [];
    for (let count = 0; count < Number(loads); count += 1) seen.push(await load(browser, path));
    const paints = seen.map(({ largestMs }) => Math.round(largestMs)).toSorted((one, other) => one - other);
    const shift = Math.max(...seen.map((one) => one.shift));
    const [least, median, most] = [paints[0], paints[Math.floor(paints.length / 2)], paints.at(-1)];
    process.stdout.write(
      `${path}: largest contentful paint ${least} / ${median} / ${most} ms, layout shift ${shift}\n`,
    );
  }
  await browser.close();
}

void main();
