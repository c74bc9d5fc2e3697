import { createHmac, randomBytes } from 'node:crypto';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { Context, MiddlewareHandler } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { clientAddress } from './clientAddress';
import { Problem } from '../problem';
import { isWebhookPath } from '../webhooks/webhookPaths';

export interface RateLimits {
  /** Requests that one client may send in a minute. */
  perMinute: number;
  /** Webhooks that one sender may send in a minute: a gateway has one address and repeats what failed. */
  webhooksPerMinute: number;
  /** Requests for what an open page asks by itself all the time, in a minute: an office has many of them and one address. */
  browsingPerMinute: number;
  /** How many proxies of ours a request comes through. */
  trustedProxyHops: number;
}

const windowSeconds = 60;

/** Whoever asks whether the process is well must get an answer, however busy it is. */
const unlimitedPaths = new Set(['/healthz', '/readyz']);

/** The catalogue, which every open page of the store asks for every two seconds, and what it asks for once. */
const browsedPaths = new Set(['/products', '/settings']);

/**
 * Counts the requests of each client in this process and refuses those over the rate until the minute is over.
 *
 * @throws Problem `rate_limited` with `Retry-After` and the headers of draft-ietf-httpapi-ratelimit-headers
 */
export function rateLimit(limits: RateLimits): MiddlewareHandler {
  const webhooks = createLimiter(limits.webhooksPerMinute);
  const browsing = createLimiter(limits.browsingPerMinute);
  const others = createLimiter(limits.perMinute);
  const limiterOf = (path: string) => {
    if (isWebhookPath(path)) return webhooks;
    return browsedPaths.has(path) || path.startsWith('/assets/') ? browsing : others;
  };
  return async (c, next) => {
    const { path } = c.req;
    if (!unlimitedPaths.has(path)) await limiterOf(path).take(clientOf(c, limits.trustedProxyHops));
    await next();
  };
}

/** Who asks, as far as nobody can pretend. */
export function clientOf(c: Context, trustedProxyHops: number): string {
  const socketAddress = getConnInfo(c).remote.address;
  return clientAddress({ socketAddress, forwardedFor: c.req.header('X-Forwarded-For'), trustedProxyHops });
}

function createLimiter(points: number) {
  const limiter = new RateLimiterMemory({ points, duration: windowSeconds });
  const bucketOf = createBuckets();
  return {
    take: async (client: string): Promise<void> => {
      try {
        await limiter.consume(bucketOf(client));
      } catch (error) {
        throw error instanceof RateLimiterRes ? refusal(points, error.msBeforeNext) : error;
      }
    },
  };
}

/** Whose counter is known without hashing; when there are as many, all are forgotten. */
const mostKnownClients = 1000;

/**
 * Clients share 65,536 counters, so that many addresses cannot fill the memory. The hash is keyed, so that nobody can
 * choose an address that shares the counter of somebody else.
 */
function createBuckets(): (client: string) => number {
  const key = randomBytes(32);
  const known = new Map<string, number>();
  return (client) => {
    const found = known.get(client);
    if (found !== undefined) return found;
    const bucket = createHmac('sha256', key).update(client).digest().readUInt16BE();
    if (known.size >= mostKnownClients) known.clear();
    known.set(client, bucket);
    return bucket;
  };
}

function refusal(points: number, msBeforeNext: number): Problem {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new Problem('rate_limited', `More than ${points} requests in a minute came from this client.`, {
    'Retry-After': String(seconds),
    'RateLimit-Policy': `"minute";q=${points};w=${windowSeconds}`,
    RateLimit: `"minute";r=0;t=${seconds}`,
  });
}
