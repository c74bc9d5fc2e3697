import { createHmac, randomBytes } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { ClientAddress } from './clientAddress';
import { Problem } from '../problem';
import { isWebhookPath } from '../webhooks/webhookPaths';

export interface RateLimits {
  /**
   * How many requests a client can send in a minute. Webhooks have a separate limit, which is ten times as high. The
   * storefront's files, `/products` and `/settings` share another limit, which is also ten times as high.
   */
  perMinute: number;
  /** How many trusted proxies a request passes. */
  trustedProxyHops: number;
  /** The token with which the server of a front end names its shoppers. Undefined if there is no such server. */
  storefrontToken?: string | undefined;
}

const windowSeconds = 60;

/**
 * The factor of the higher limits. Many requests can come from one address, because a gateway repeats its failed
 * webhooks, and an office has many open pages.
 */
const sharedAddressFactor = 10;

/** The paths of the health checks, which must be answered under any load. */
const unlimitedPaths = new Set(['/healthz', '/readyz', '/startupz']);

/** The prefixes of the paths of the storefront's files. */
const staticPaths = ['/assets/', '/drawings/'];
/** An open catalogue or cart page requests `/products` every two seconds. The storefront requests `/settings` once. */
const browsedPaths = new Set(['/products', '/settings']);

/**
 * Counts the requests of each client in this process. Refuses requests over the limit until the minute ends.
 *
 * @throws Problem `rate_limited` with `Retry-After` and the headers of draft-ietf-httpapi-ratelimit-headers
 */
export function rateLimit({ perMinute }: Pick<RateLimits, 'perMinute'>, clientOf: ClientAddress): MiddlewareHandler {
  const webhooks = createLimiter(perMinute * sharedAddressFactor);
  const browsing = createLimiter(perMinute * sharedAddressFactor);
  const others = createLimiter(perMinute);
  const limiterOf = (path: string) => {
    if (isWebhookPath(path)) return webhooks;
    return browsedPaths.has(path) || staticPaths.some((prefix) => path.startsWith(prefix)) ? browsing : others;
  };
  return async (c, next) => {
    const { path } = c.req;
    if (!unlimitedPaths.has(path)) await limiterOf(path)(clientOf(c));
    await next();
  };
}

function createLimiter(points: number): (client: string) => Promise<void> {
  const limiter = new RateLimiterMemory({ points, duration: windowSeconds });
  const counterOf = createCounters();
  return async (client) => {
    try {
      await limiter.consume(counterOf(client));
    } catch (error) {
      throw error instanceof RateLimiterRes ? refusal(points, error.msBeforeNext) : error;
    }
  };
}

/** The maximum number of cached hashes. A full cache is emptied. */
const maxKnownClients = 1000;

/**
 * Creates a function that assigns each client to one of 65,536 counters. The number of counters is fixed, so that many
 * addresses cannot fill the memory. A keyed hash of the address chooses the counter, so that nobody can choose an
 * address that has the counter of another client.
 */
function createCounters(): (client: string) => number {
  const key = randomBytes(32);
  const known = new Map<string, number>();
  return (client) => {
    const found = known.get(client);
    if (found !== undefined) return found;
    const counter = createHmac('sha256', key).update(client).digest().readUInt16BE();
    if (known.size >= maxKnownClients) known.clear();
    known.set(client, counter);
    return counter;
  };
}

function refusal(points: number, msBeforeNext: number): Problem {
  const seconds = Math.max(1, Math.ceil(msBeforeNext / 1000));
  return new Problem('rate_limited', `This client has sent more than ${points} requests in a minute.`, {
    'Retry-After': String(seconds),
    'RateLimit-Policy': `"minute";q=${points};w=${windowSeconds}`,
    RateLimit: `"minute";r=0;t=${seconds}`,
  });
}
