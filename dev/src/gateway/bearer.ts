import { bearerToken, secretMatcher } from '@widget-store/runtime';
import type { MiddlewareHandler } from 'hono';
import { Problem } from './problem';

/** Refuses requests without the key as a bearer token (RFC 6750). */
export function requireBearer(apiKey: string): MiddlewareHandler {
  const isKey = secretMatcher(apiKey);
  return async (c, next) => {
    const given = bearerToken(c.req.header('authorization'));
    if (given === undefined || !isKey(given)) {
      throw new Problem('unauthorized', 'This request needs the API key of the gateway as a bearer token.');
    }
    await next();
  };
}
