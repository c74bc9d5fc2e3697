import { bearerToken, secretMatcher } from '@widget-store/runtime';
import type { MiddlewareHandler } from 'hono';
import { Problem } from '../problem';

/**
 * Refuses requests that do not have the admin token as `Authorization: Bearer` (RFC 6750).
 *
 * @param adminToken undefined in demo mode, in which requests need no token
 * @throws Problem `admin_token_missing` or `admin_token_wrong`
 */
export function requireAdmin(adminToken: string | undefined): MiddlewareHandler {
  const isToken = adminToken === undefined ? undefined : secretMatcher(adminToken);
  return async (c, next) => {
    if (isToken !== undefined) {
      const given = bearerToken(c.req.header('Authorization'));
      if (given === undefined) {
        const headers = { 'WWW-Authenticate': 'Bearer realm="widget-store"' };
        throw new Problem('admin_token_missing', 'This call needs the admin token as a bearer token.', headers);
      }
      if (!isToken(given)) throw new Problem('admin_token_wrong', 'The admin token is wrong.');
    }
    await next();
  };
}
