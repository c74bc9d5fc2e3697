import { isIP, isIPv6 } from 'node:net';
import { getConnInfo } from '@hono/node-server/conninfo';
import { bearerToken, type Logger, secretMatcher } from '@widget-store/runtime';
import type { Context } from 'hono';

interface ClientAddressOptions {
  /** How many trusted proxies a request passes. Each proxy appends the address of its client to `X-Forwarded-For`. */
  trustedProxyHops: number;
  /** With this bearer token, the server of a front end can name the address of its shopper. Undefined if no server can. */
  storefrontToken?: string | undefined;
  log: Pick<Logger, 'warn'>;
}

/**
 * @returns an IPv4 address, or the first 64 bits of an IPv6 address, because one client usually has a whole /64 network
 */
export type ClientAddress = (c: Context) => string;

/**
 * Finds the address of a request's client. Without proxies, this is the address of the socket. Behind N proxies, it is
 * the Nth address from the right in `X-Forwarded-For`. The outermost proxy has written this address.
 *
 * By default, nginx and HAProxy do not write `X-Forwarded-For`, but forward the header that the client has sent. A
 * client could then choose its own address. Most clients send no such header. If many requests from a proxy lack
 * `X-Forwarded-For`, the api concludes that this proxy does not write the header, and ignores it in all requests from
 * this proxy. All clients of that proxy then share one address (docs/decisions/client-addresses.md).
 *
 * A front end that calls the api from its server names its shopper in the header `Shopper-IP`.
 */
export function createClientAddress({ trustedProxyHops, storefrontToken, log }: ClientAddressOptions): ClientAddress {
  const suspicion = createSuspicion();
  const namedShopper = createNamedShopper({ storefrontToken, log });
  let hasWarned = false;
  return (c) => {
    const shopper = namedShopper(c);
    if (shopper !== undefined) return networkOf(shopper);
    const peer = getConnInfo(c).remote.address ?? 'unknown';
    const header = c.req.header('X-Forwarded-For');
    const forwarded = trustedProxyHops === 0 ? undefined : forwardedAddress(header, trustedProxyHops);
    // A header with too few entries does not contradict the configuration: the request of a client that connects
    // directly to an inner proxy has such a header.
    const contradicts = (trustedProxyHops === 0) === (header !== undefined && header !== '');
    if (contradicts) suspicion.add(peer);
    const isSuspect = suspicion.covers(peer);
    if (isSuspect && contradicts && !hasWarned) {
      hasWarned = true;
      log.warn({ peer, trustedProxyHops }, trustedProxyHops === 0 ? unexpectedHeader : missingHeader);
    }
    return networkOf(forwarded === undefined || isSuspect ? peer : forwarded);
  };
}

const unexpectedHeader =
  'requests have X-Forwarded-For, but TRUSTED_PROXY_HOPS is 0: behind a proxy, all clients share one rate limit';
const missingHeader =
  'requests have no X-Forwarded-For, although TRUSTED_PROXY_HOPS says that proxies write it: the api ignores the header from this peer, and all its clients share one rate limit';

/** Creates a function that reads the address of a shopper, if the request has the token of the front end's server. */
function createNamedShopper({ storefrontToken, log }: Pick<ClientAddressOptions, 'storefrontToken' | 'log'>) {
  const isToken = storefrontToken === undefined ? () => false : secretMatcher(storefrontToken);
  let hasWarned = false;
  return (c: Context): string | undefined => {
    const address = c.req.header('Shopper-IP');
    if (address === undefined) return undefined;
    const token = bearerToken(c.req.header('Authorization'));
    if (isIP(address) !== 0 && token !== undefined && isToken(token)) return address;
    if (!hasWarned) log.warn({}, ignoredShopper);
    hasWarned = true;
    return undefined;
  };
}

const ignoredShopper =
  'a request has Shopper-IP, but its token is not STOREFRONT_TOKEN or the header is no IP address: the api ignores the header, and all shoppers of this client share one rate limit';

const windowMs = 60_000;
/**
 * A peer is suspect if more than this number of its requests within `windowMs` contradict the configuration. A person
 * who calls the api directly sends fewer such requests, and a proxy sends more.
 */
const mostContradictions = 9;
const suspicionMs = 10 * 60_000;
const maxPeers = 1000;

interface Contradictions {
  count: number;
  windowEndsAtMs: number;
  suspectUntilMs: number;
}

/**
 * Remembers up to `maxPeers` peers whose requests contradict the configuration. To remember one more, forgets the peer
 * whose last contradiction is the oldest.
 */
function createSuspicion() {
  const peers = new Map<string, Contradictions>();
  return {
    add: (peer: string): void => {
      const nowMs = Date.now();
      const known = peers.get(peer);
      const suspectUntilMs = known?.suspectUntilMs ?? 0;
      const isCounting = known !== undefined && known.windowEndsAtMs > nowMs;
      const count = isCounting ? known.count + 1 : 1;
      peers.delete(peer);
      peers.set(peer, {
        count,
        windowEndsAtMs: isCounting ? known.windowEndsAtMs : nowMs + windowMs,
        suspectUntilMs: count > mostContradictions ? nowMs + suspicionMs : suspectUntilMs,
      });
      const [oldest] = peers.keys();
      if (peers.size > maxPeers && oldest !== undefined) peers.delete(oldest);
    },
    covers: (peer: string): boolean => (peers.get(peer)?.suspectUntilMs ?? 0) > Date.now(),
  };
}

/** An address with a port, which some proxies add: `203.0.113.1:4711`, `[2001:db8::1]:4711`. */
const withPort = /^(?:\[([^\]]+)\](?::\d+)?|(\d+\.\d+\.\d+\.\d+):\d+)$/;

function forwardedAddress(header: string | undefined, hops: number): string | undefined {
  const entry = header?.split(',').at(-hops)?.trim() ?? '';
  const [, v6, v4] = withPort.exec(entry) ?? [];
  const address = v6 ?? v4 ?? entry;
  return isIP(address) === 0 ? undefined : address;
}

/** An IPv4 address that is written as an IPv6 address. */
const mappedIPv4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i;

function networkOf(address: string): string {
  const [, inner] = mappedIPv4.exec(address) ?? [];
  if (inner !== undefined || !isIPv6(address)) return inner ?? address;
  const [head = '', tail] = address.toLowerCase().split('%', 1)[0]?.split('::') ?? [];
  const left = groupsOf(head);
  const right = groupsOf(tail ?? '');
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0');
  const groups = [...left, ...(tail === undefined ? [] : zeros), ...right];
  return `${groups.slice(0, 4).join(':')}::/64`;
}

function groupsOf(text: string): string[] {
  return text === '' ? [] : text.split(':').map((group) => group.replace(/^0+(?=.)/, ''));
}
