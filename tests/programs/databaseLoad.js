const { randomBytes } = require('node:crypto');
const { orderIdFrom } = require('@widget-store/contract');
const { openStore } = require('@widget-store/db');

/**
 * Places orders while a test cuts the connections of the database. This is a separate program, without a handler for
 * uncaught errors: an uncaught error ends the program, as it would end the api. The program runs until its standard
 * input ends, and then prints a report.
 */
const [url] = process.argv.slice(2);
const buyers = 30;
const deadlineMs = 3000;

const store = openStore({ url, applicationName: 'load', maxConnections: 10, deadlineMs });
const report = { placed: [], failed: 0, wrong: [], longestMs: 0, answersAfterwards: false };
const stopping = new AbortController();

async function buy() {
  const idempotencyKey = randomBytes(8).toString('hex');
  const orderId = orderIdFrom(randomBytes(16).toString('hex'));
  const lines = [{ productId: 2, quantity: 1 }];
  const input = {
    idempotencyKey,
    orderId,
    fingerprint: 'load',
    requestId: idempotencyKey,
    lines,
    paymentWindowMs: 60_000,
  };
  const placed = await store.placeOrder(input);
  report.placed.push({ idempotencyKey, orderId: placed.orderId });
  const found = await store.findPlacedOrder(idempotencyKey);
  if (found?.orderId !== placed.orderId) report.wrong.push(`${idempotencyKey} is ${JSON.stringify(found)}`);
  const { products } = await store.listProducts({ limit: 100 });
  if (products.length !== 6) report.wrong.push(`the products are ${JSON.stringify(products)}`);
}

async function keepBuying() {
  while (!stopping.signal.aborted) {
    const startedMs = performance.now();
    try {
      await buy();
    } catch (error) {
      if (error.code === 'DatabaseUnavailable') report.failed++;
      else report.wrong.push(String(error.cause?.stack ?? error.stack));
    }
    report.longestMs = Math.max(report.longestMs, Math.round(performance.now() - startedMs));
  }
}

async function main() {
  process.stdin.on('end', () => stopping.abort()).resume();
  await Promise.all(Array.from({ length: buyers }, keepBuying));
  await Promise.all(Array.from({ length: buyers }, () => store.checkWritable()));
  report.answersAfterwards = true;
  await store.close();
  process.stdout.write(JSON.stringify(report));
}

void main();
