import { createHash, timingSafeEqual } from 'node:crypto';
import type { MiddlewareHandler } from 'hono';
import { Problem } from './problem';

/** Lets requests pass that carry the key as a bearer token (RFC 6750). */
export function requireBearer(apiKey: string): MiddlewareHandler {
  const expected = digest(apiKey);
  return async (c, next) => {
    const [, given] = /^bearer +(\S+)$/i.exec(c.req.header('authorization') ?? '') ?? [];
    // Digests have one length, which timingSafeEqual asks for, and hide that of the key.
    if (given === undefined || !timingSafeEqual(digest(given), expected)) {
      throw new Problem('unauthorized', 'This call needs the API key of the gateway as a bearer token.');
    }
    await next();
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
