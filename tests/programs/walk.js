// Uses the running store of `make dev` as a shopper and as an engineer, and crashes the store twice:
//   make dev, then: node tests/programs/walk.js [address of the store]
// Prints each step, and saves screenshots in docs/screenshots.
const { join } = require('node:path');
const { inheritedEnvironment, repositoryRoot, resolveChromium } = require('@widget-store/dev');
const { chromium } = require('playwright-core');

const [address = 'http://127.0.0.1:3000'] = process.argv.slice(2);
const startedAtMs = Date.now();

function say(text) {
  process.stdout.write(`${((Date.now() - startedAtMs) / 1000).toFixed(1).padStart(5)} s  ${text}\n`);
}

function walker(page) {
  const picture = async (name, what) => {
    await page.screenshot({ path: join(repositoryRoot, 'docs/screenshots', `walk-${name}.png`) });
    say(`${what} (walk-${name}.png)`);
  };
  const press = (name) => page.getByRole('button', { name, exact: true }).click();
  const follow = (name) => page.getByRole('link', { name }).click();
  const see = (text) => page.getByText(text).first().waitFor();
  return { page, picture, press, follow, see };
}

async function buy({ page, picture, follow, see }) {
  await page.goto(address);
  await page
    .getByRole('button', { name: /^Add to cart/ })
    .first()
    .click();
  await follow(/^Cart/);
  await page.getByRole('button', { name: /^Continue to payment/ }).click();
  await page.waitForURL('**/pay/pay_*');
  await page.getByRole('button', { name: /^Pay/ }).click();
  await page.waitForURL('**/shop/order/ord_*');
  await see('Your order is being shipped.');
  await picture('1-dispatching', 'a product is bought and paid; the order counts down');
}

async function crashInTheShop({ page, picture, press, see }) {
  await press('Crash the app');
  await see('The application crashed.');
  await picture('2-crashed', 'api and worker were crashed from the shop; the page shows it and recovers');
  await page.waitForFunction(() => (document.querySelector('progress')?.value ?? 0) >= 5, null, { timeout: 60_000 });
  say('the order continues to count down');
}

async function crashFromOperationsPage({ page, picture, press, follow, see }) {
  await follow('Open the operations page');
  await page.getByText('Technical details').click();
  await see('Runs in Temporal');
  await page.getByText('Runs in Temporal').evaluate((heading) => heading.scrollIntoView({ block: 'center' }));
  await picture('3-timeline', 'the same order on the operations page: its runs and its timeline');
  const orderNumber = (await page.getByRole('heading', { level: 1 }).innerText()).split(' ').at(-1);
  await follow('Back to the orders');
  await page.getByText('Demonstration').click();
  await press('Crash the worker');
  await see('The process crashed. Its supervisor restarts it.');
  await press('Crash the api');
  await picture('4-crashed-again', 'worker and api were crashed again, from the operations page');
  await follow(orderNumber);
  await page.getByText('Shipped', { exact: true }).first().waitFor({ timeout: 60_000 });
  await picture('5-dispatched', 'the order is shipped despite the crashes');
}

async function readTheRuns({ page, picture, see }) {
  await page.getByText('Technical details').click();
  const addressOf = (run) => page.getByRole('link', { name: run }).getAttribute('href');
  const runs = [
    { name: '6-checkout-run', what: 'the checkout in the Temporal Web UI', at: await addressOf(/^checkout\//) },
    { name: '7-dispatch-run', what: 'and its dispatch', at: await addressOf(/^dispatch\//) },
  ];
  for (const { name, what, at } of runs) {
    await page.goto(at);
    await see('Workflow Execution Completed');
    await picture(name, what);
  }
}

async function main() {
  const executablePath = await resolveChromium({ environment: inheritedEnvironment() });
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  const page = await browser.newPage({ locale: 'en-US', viewport: { width: 1280, height: 900 } });
  const walk = walker(page);
  await buy(walk);
  await crashInTheShop(walk);
  await crashFromOperationsPage(walk);
  await readTheRuns(walk);
  await page.goto(`${address}/shop/orders`);
  await walk.see('Shipped');
  await walk.picture('8-history', "the shopper's orders");
  await browser.close();
}

void main();
