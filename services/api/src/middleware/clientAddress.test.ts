import { createLogger } from '@widget-store/runtime';
import type { Context } from 'hono';
import { createClientAddress } from './clientAddress';

interface Request {
  socketAddress?: string | undefined;
  forwardedFor?: string | undefined;
  shopper?: { ip: string; authorization?: string };
}

const storefrontToken = '0c6f2b7e51d84a93b8e4f1a2';

/** Starts an api that expects this number of proxies. Returns the api with the warnings that it logs. */
function startApi(trustedProxyHops: number) {
  const warnings: string[] = [];
  const write = (line: string): void => void warnings.push((JSON.parse(line) as { msg: string }).msg);
  const log = createLogger({ service: 'test', destination: { write } });
  const clientOf = createClientAddress({ trustedProxyHops, storefrontToken, log });
  const ask = ({ socketAddress: remoteAddress, forwardedFor, shopper }: Request): string => {
    const headers = new Map([
      ['X-Forwarded-For', forwardedFor],
      ['Shopper-IP', shopper?.ip],
      ['Authorization', shopper?.authorization],
    ]);
    const env = { incoming: { socket: { remoteAddress } } };
    return clientOf({ env, req: { header: (name: string) => headers.get(name) } } as unknown as Context);
  };
  return { ask, warnings };
}

const clientAddress = ({ trustedProxyHops, ...request }: Request & { trustedProxyHops: number }) =>
  startApi(trustedProxyHops).ask(request);

const socketAddress = '198.51.100.7';

test('without proxies, X-Forwarded-For changes nothing', () => {
  for (const forwardedFor of [undefined, '', '203.0.113.1', '203.0.113.1, 203.0.113.2', 'nonsense']) {
    expect(clientAddress({ socketAddress, forwardedFor, trustedProxyHops: 0 })).toBe(socketAddress);
  }
});

test.each([
  ['203.0.113.1', 1, '203.0.113.1'],
  ['10.9.9.9, 203.0.113.1', 1, '203.0.113.1'],
  ['10.9.9.9, 203.0.113.1, 192.0.2.1', 2, '203.0.113.1'],
  ['203.0.113.1', 2, socketAddress],
  ['203.0.113.1:4711', 1, '203.0.113.1'],
  ['[2001:db8::9]:4711', 1, '2001:db8:0:0::/64'],
  ['[2001:db8::9]', 1, '2001:db8:0:0::/64'],
  ['203.0.113.1, nonsense', 1, socketAddress],
  [undefined, 1, socketAddress],
])('X-Forwarded-For %j behind %d proxies names the client %s', (forwardedFor, trustedProxyHops, client) => {
  expect(clientAddress({ socketAddress, forwardedFor, trustedProxyHops })).toBe(client);
});

test.each([
  ['::ffff:203.0.113.1', '203.0.113.1'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:DB8:0001:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['fe80::1%eth0', 'fe80:0:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  [undefined, 'unknown'],
])('the client at %s is %s', (address, client) => {
  expect(clientAddress({ socketAddress: address, forwardedFor: undefined, trustedProxyHops: 0 })).toBe(client);
});

describe('a proxy that does not write X-Forwarded-For, although the api expects the header', () => {
  const [proxy, other] = ['192.0.2.1', '192.0.2.2'];
  const forged = { socketAddress: proxy, forwardedFor: '203.0.113.66' };
  const visit = (api: ReturnType<typeof startApi>, visits: number, peer = proxy) => {
    for (let sent = 0; sent < visits; sent++) api.ask({ socketAddress: peer });
  };

  beforeEach(() => jest.useFakeTimers());
  afterEach(() => jest.useRealTimers());

  it('is not trusted after ten requests without the header, and the log says so once', () => {
    const api = startApi(1);
    visit(api, 10);
    expect(api.ask(forged)).toBe(proxy);
    visit(api, 20);
    visit(api, 20, other);
    expect(api.warnings).toEqual([expect.stringContaining('TRUSTED_PROXY_HOPS')]);
  });

  it('is trusted again ten minutes after the last requests without the header', () => {
    const api = startApi(1);
    visit(api, 10);
    for (let minute = 0; minute < 60; minute++) {
      jest.advanceTimersByTime(60_000);
      visit(api, 10);
    }
    expect(api.ask(forged)).toBe(proxy);
    jest.advanceTimersByTime(11 * 60_000);
    expect(api.ask({ socketAddress: proxy, forwardedFor: '203.0.113.1' })).toBe('203.0.113.1');
  });

  it('does not make the api distrust another proxy', () => {
    const api = startApi(1);
    visit(api, 100);
    expect(api.ask({ socketAddress: other, forwardedFor: '203.0.113.1' })).toBe('203.0.113.1');
  });

  it('is not suspected after a few requests without the header, or after headers with too few entries', () => {
    const beside = startApi(1);
    visit(beside, 9);
    jest.advanceTimersByTime(61_000);
    visit(beside, 9);
    expect(beside.ask({ socketAddress: proxy, forwardedFor: '203.0.113.1' })).toBe('203.0.113.1');
    const behindTwo = startApi(2);
    for (let sent = 0; sent < 100; sent++) behindTwo.ask({ socketAddress: proxy, forwardedFor: '203.0.113.66' });
    expect(behindTwo.ask({ socketAddress: proxy, forwardedFor: '203.0.113.1, 192.0.2.9' })).toBe('203.0.113.1');
    expect([...beside.warnings, ...behindTwo.warnings]).toEqual([]);
  });
});

test('the log reports once that a proxy writes X-Forwarded-For, although the api expects no proxy', () => {
  const api = startApi(0);
  for (let sent = 0; sent < 30; sent++) api.ask({ socketAddress, forwardedFor: '203.0.113.1' });
  expect(api.warnings).toEqual([expect.stringContaining('TRUSTED_PROXY_HOPS is 0')]);
});

describe('the server of a front end', () => {
  const front = '192.0.2.1';
  const authorization = `Bearer ${storefrontToken}`;
  const calling = (shopper: Request['shopper']) => ({ socketAddress: front, ...(shopper && { shopper }) });

  it.each([
    ['203.0.113.1', '203.0.113.1'],
    ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ])('names its shopper at %s with its token', (ip, client) => {
    const api = startApi(1);
    for (let sent = 0; sent < 100; sent++) expect(api.ask(calling({ ip, authorization }))).toBe(client);
    expect(api.warnings).toEqual([]);
    expect(api.ask({ socketAddress: front, forwardedFor: '203.0.113.2' })).toBe('203.0.113.2');
  });

  it.each([
    ['no token', { ip: '203.0.113.1' }],
    ['another token', { ip: '203.0.113.1', authorization: `${authorization}0` }],
    ['no IP address', { ip: 'localhost', authorization }],
  ])('names nobody with %s, and the log says so once', (_what, shopper) => {
    const api = startApi(0);
    for (let sent = 0; sent < 3; sent++) expect(api.ask(calling(shopper))).toBe(front);
    expect(api.warnings).toEqual([expect.stringContaining('STOREFRONT_TOKEN')]);
    expect(api.warnings[0]).not.toContain('[redacted]');
  });

  it('cannot name its shopper while the api has no token', () => {
    const clientOf = createClientAddress({ trustedProxyHops: 0, log: { warn: () => {} } as never });
    const headers = new Headers({ 'Shopper-IP': '203.0.113.1', Authorization: 'Bearer undefined' });
    const env = { incoming: { socket: { remoteAddress: front } } };
    expect(clientOf({ env, req: { header: (name: string) => headers.get(name) ?? undefined } } as never)).toBe(front);
  });
});
