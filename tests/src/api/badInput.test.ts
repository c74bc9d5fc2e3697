import { once } from 'node:events';
import { connect } from 'node:net';
import { eventually } from '../support/eventually';
import { digestOf } from '../support/store/database';
import { rawRequest } from '../support/http/rawRequest';
import { newKey, type Shopper, shopperOf, problemOf, json } from '../support/http/shopper';
import { hostileText } from './hostileText';
import { startTestStore, type TestStore } from '../support/store/store';

/** Every bad input gets a 4xx response and changes no row. */
describe('bad input', () => {
  let store: TestStore;
  let shopper: Shopper;

  beforeAll(async () => {
    store = await startTestStore({ demo: false });
    shopper = shopperOf(store.apiUrl);
  });
  afterAll(() => store.close());

  const digest = () => digestOf(store.sql);

  const buy = (body: string, headers: Record<string, string> = json) =>
    shopper.send('POST', `/checkout/${newKey()}`, { headers, body });
  const line = (quantity: string, more = '') => `{"items":[{"product_id":1,"quantity":${quantity}${more}}]}`;

  it('unknown and malformed order ids get the same 404 problem', async () => {
    const ids = [
      `ord_${'0'.repeat(32)}`,
      `ord_${'0'.repeat(31)}`,
      'x',
      '1%20or%201=1',
      'ord_%F0%9F%98%80',
      ...hostileText.map(([, text]) => text),
    ];
    const answers = await Promise.all(ids.map((id) => shopper.send('GET', `/order/${id}`)));
    const bodies = answers.map((answer) => JSON.stringify({ ...problemOf(answer), instance: '', request_id: '' }));
    expect(answers.map(({ status }) => status)).toEqual(ids.map(() => 404));
    expect(new Set(bodies).size).toBe(1);
  });

  it.each<[string, number, string, string?]>([
    ['{"items":[', 400, 'invalid_json'],
    ['nonsense', 400, 'invalid_json'],
    ['items=1', 415, 'unsupported_media_type', 'application/x-www-form-urlencoded'],
    ['{}', 415, 'unsupported_media_type', 'text/plain'],
    [line('0'), 422, 'invalid_cart'],
    [line('-1'), 422, 'invalid_cart'],
    [line('1.5'), 422, 'invalid_cart'],
    [line('1e400'), 422, 'invalid_cart'],
    [line('99999999999999999999'), 422, 'invalid_cart'],
    [line('1', ',"price_minor":1'), 422, 'invalid_cart'],
    ['{"coupon":1}', 422, 'invalid_cart'],
    ['{"__proto__":{"items":[]}}', 422, 'invalid_cart'],
    [line('1', ',"__proto__":{}'), 422, 'invalid_cart'],
  ])('the cart %s gets %d %s', async (body, status, code, mediaType = 'application/json') => {
    const before = await digest();
    const answer = await buy(body, { 'Content-Type': mediaType });
    expect([answer.status, problemOf(answer).code, answer.contentType]).toEqual([
      status,
      code,
      'application/problem+json',
    ]);
    expect(await digest()).toBe(before);
  });

  it.each([
    ['DELETE', '/checkout/key', 'POST, GET, HEAD'],
    ['DELETE', '/order/x', 'GET, HEAD'],
    ['DELETE', '/orders', 'GET, HEAD'],
    ['PUT', '/product', 'GET, HEAD'],
    ['GET', '/payment_webhook/pay_1/paid', 'POST'],
    ['POST', '/orders', 'GET, HEAD'],
    ['PUT', '/products/1', 'GET, HEAD, PATCH'],
    ['GET', '/restock', 'POST'],
  ])('%s %s gets 405 with the allowed methods', async (method, path, allow) => {
    const answer = await shopper.send(method, path);
    expect([answer.status, answer.headers.get('Allow'), problemOf(answer).code]).toEqual([
      405,
      allow,
      'method_not_allowed',
    ]);
  });

  it.each(hostileText)('%s as a key, a file or a path gets 400 or 404', async (_what, text) => {
    const before = await digest();
    const answers = await Promise.all([
      shopper.send('POST', `/checkout/${text}`, { headers: json }),
      shopper.send('GET', `/checkout/${text}`),
      shopper.send('GET', `/assets/${text}`),
      shopper.send('GET', `/${text}/x`),
    ]);
    for (const answer of answers) {
      expect([400, 404]).toContain(answer.status);
      expect(answer.contentType).toBe('application/problem+json');
    }
    expect(await digest()).toBe(before);
  });

  it.each(['GET /order/a\\b HTTP/1.1\r\nHost: x', 'GET / HTTP/1.1\r\nHost: a b', 'GET http:// HTTP/1.1\r\nHost: x'])(
    'the malformed request %j gets a 400 problem',
    async (head) => {
      const answer = await rawRequest(store.apiUrl, `${head}\r\nConnection: close\r\n\r\n`);
      expect(answer).toMatch(/^HTTP\/1\.1 400 /);
      expect(answer).toContain('content-type: application/problem+json');
      expect(answer).toContain('"code":"invalid_request"');
    },
  );

  it.each(['\u0001', '\u007f'])('a path with the raw control character %j gets 400 or 404', async (character) => {
    const answer = await rawRequest(
      store.apiUrl,
      `GET /order/a${character} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 40[04] /);
  });

  it.each(['gzip', 'br', 'identity, deflate'])('a body with Content-Encoding %s gets 415', async (encoding) => {
    const before = await digest();
    const answer = await buy(line('1'), { ...json, 'Content-Encoding': encoding });
    expect([answer.status, problemOf(answer).code]).toEqual([415, 'unsupported_media_type']);
    expect(answer.headers.get('Accept-Encoding')).toBe('identity');
    expect(await digest()).toBe(before);
  });

  it.each(['/healthz', '/readyz', '/product', '/'])('GET %s with HTTP/1.0 and without Host gets 200', async (path) => {
    expect(await rawRequest(store.apiUrl, `GET ${path} HTTP/1.0\r\n\r\n`)).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('a body over 20 KB is refused, even without Content-Length', async () => {
    const body = `{"items":[]}${' '.repeat(20 * 1024)}`;
    expect(problemOf(await buy(body)).code).toBe('body_too_large');
    const chunk = `1000\r\n${'x'.repeat(0x1000)}\r\n`;
    const head = `POST /checkout/${newKey()} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n`;
    const answer = await rawRequest(store.apiUrl, `${head}Connection: close\r\n\r\n${chunk.repeat(6)}0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('"code":"body_too_large"');
    const cart = line('1');
    const short = `${cart.length.toString(16)}\r\n${cart}\r\n0\r\n\r\n`;
    expect(await rawRequest(store.apiUrl, `${head}Connection: close\r\n\r\n${short}`)).toMatch(/^HTTP\/1\.1 200 /);
  });

  const failures = (): string[] => store.lines.filter((logged) => logged.includes('a request failed'));

  async function withoutDescriptions<Result>(work: () => Promise<Result>): Promise<Result> {
    await store.sql`alter table products rename column description to renamed`;
    try {
      return await work();
    } finally {
      await store.sql`alter table products rename column renamed to description`;
    }
  }

  it('an internal error gets a 500 that reveals nothing', async () => {
    const answer = await withoutDescriptions(() => shopper.send('GET', '/product'));
    expect([answer.status, problemOf(answer)]).toEqual([
      500,
      {
        type: 'about:blank',
        title: 'Internal Server Error',
        status: 500,
        detail: 'The store failed to handle this request.',
        instance: '/product',
        code: 'internal',
        retryable: false,
        request_id: answer.headers.get('X-Request-Id'),
      },
    ]);
    await eventually(failures, (logged) => logged.length === 1);
    expect((await shopper.send('GET', '/product')).status).toBe(200);
  });

  it('the api logs no failure when a client disconnects in the middle of a request', async () => {
    const half = (start: string, body: string) =>
      `${start} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${body}`;
    const bodies = ['Content-Length: 100\r\n\r\n{"items":', 'Transfer-Encoding: chunked\r\n\r\n5\r\n{"ite\r\n'];
    const paths = [`/checkout/${newKey()}`, '/payment_webhook/pay_x/failed', `/${'a.'.repeat(4000)}`];
    const { hostname, port } = new URL(store.apiUrl);
    const before = failures();
    for (const path of paths) {
      for (const body of bodies) {
        const socket = connect(Number(port), hostname).on('error', () => {});
        socket.write(half(`POST ${path}`, body), () => socket.destroy());
        await once(socket, 'close');
      }
    }
    // An api finishes its requests before it stops, so after the stop `store.lines` has the log lines of all of them.
    await store.processes.api.stop();
    store.processes.api.start();
    await store.processes.api.whenReady({ deadlineMs: 60_000 });
    expect(failures()).toEqual(before);
  });

  it('the api reads at most 20 KB of a body for an unknown path, even without Content-Length', async () => {
    const chunk = `1000\r\n${'x'.repeat(4096)}\r\n`;
    for (const path of ['/codec/decode', '/codec/nothing', '/webhooks/nothing', '/nothing']) {
      const head = `POST ${path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n`;
      const answer = await rawRequest(store.apiUrl, `${head}${chunk.repeat(6)}0\r\n\r\n`);
      expect(answer).toContain('body_too_large');
    }
  });
});
