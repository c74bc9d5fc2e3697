/**
 * Measures the cost of tracing. Two stores, one of them traced, share one Postgres and one Temporal, and do the same
 * work in turns. Run this program after `make build`: `node tests/programs/tracingCost.js`. Each measured value depends
 * on the machine and on its other load. Only the ratio of the two stores' values is meaningful, because the other load
 * affects both stores equally.
 */
const { randomBytes } = require('node:crypto');
const { createServer } = require('node:http');
const os = require('node:os');
const { freePorts, inheritedEnvironment, startStore, temporaryDirectory } = require('@widget-store/dev');

const rounds = 10;
const ordersAlone = 40;
const ordersTogether = 160;
const buyersTogether = 8;

/** Starts a collector that discards everything it receives. */
async function startSink() {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}'));
  });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => server.closeAllConnections() ?? server.close(),
  };
}

async function start(name, { directory, endpoint, servers = {} }) {
  const traced = endpoint === undefined ? {} : { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint };
  return startStore({
    dataDir: `${directory}/${name}`,
    ports: await freePorts('api', 'worker', 'postgres', 'temporal', 'gateway'),
    environment: { ...inheritedEnvironment(), RATE_LIMIT_PER_MINUTE: '1000000' },
    taskQueue: name,
    demo: true,
    throwaway: true,
    nodeEnv: 'production',
    extraEnvironment: { api: traced, worker: traced },
    ...servers,
  });
}

async function post(url) {
  const answer = await fetch(url, { method: 'POST' });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`);
  return text;
}

/** Makes a checkout whose payment is declined, so that the stock is released for the next checkout. */
async function buy({ apiUrl }) {
  const startedMs = performance.now();
  const paymentId = await post(`${apiUrl}/checkout/${randomBytes(8).toString('hex')}`);
  const reservedMs = performance.now();
  await post(`${apiUrl}/payment_webhook/${paymentId}/failed`);
  return { checkoutMs: reservedMs - startedMs, webhookMs: performance.now() - reservedMs };
}

async function measure(store) {
  const alone = [];
  for (let order = 0; order < ordersAlone; order++) alone.push(await buy(store));
  const startedMs = performance.now();
  let left = ordersTogether;
  const keepBuying = async () => {
    while (left-- > 0) await buy(store);
  };
  await Promise.all(Array.from({ length: buyersTogether }, keepBuying));
  return {
    perSecond: (ordersTogether * 1000) / (performance.now() - startedMs),
    checkoutMs: median(alone.map((one) => one.checkoutMs)),
    webhookMs: median(alone.map((one) => one.webhookMs)),
  };
}

function median(values) {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)];
}

function report(results) {
  const rows = [
    ['orders a second, 8 buyers', 'perSecond'],
    ['checkout alone, p50 ms', 'checkoutMs'],
    ['webhook alone, p50 ms', 'webhookMs'],
  ].map(([what, field]) => {
    const [off, on] = ['off', 'on'].map((name) => median(results[name].map((result) => result[field])));
    const ratio = median(results.on.map((result, round) => result[field] / results.off[round][field]));
    return `| ${what} | ${off.toFixed(1)} | ${on.toFixed(1)} | ${ratio.toFixed(2)} |`;
  });
  const machine = `${os.cpus().length} x ${os.cpus()[0].model}, Node ${process.version}`;
  const load = os.loadavg()[2].toFixed(1);
  return [
    `${rounds} rounds in turns; ${machine}; load average of the last 15 minutes: ${load}`,
    '| | off | on | on / off, median of the rounds |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

async function main() {
  const directory = await temporaryDirectory();
  const sink = await startSink();
  const plain = await start('off', { directory: directory.path });
  const { databaseUrl, temporalAddress } = plain;
  const servers = { databaseUrl, temporalAddress };
  const traced = await start('on', { directory: directory.path, endpoint: sink.url, servers });
  const stores = { off: plain, on: traced };
  const results = { off: [], on: [] };
  try {
    for (const store of Object.values(stores)) await measure(store);
    for (let round = 0; round < rounds; round++) {
      const turns = round % 2 === 0 ? ['off', 'on'] : ['on', 'off'];
      for (const name of turns) results[name].push(await measure(stores[name]));
    }
    process.stdout.write(`${report(results)}\n`);
  } finally {
    await traced.stop();
    await plain.stop();
    sink.close();
    await directory.remove();
  }
}

void main();
