import { bearerToken, secretMatcher } from '@widget-store/runtime';
import type { Context, MiddlewareHandler } from 'hono';
import { type Operator, type OperatorToken, unnamedOperator } from '../operators';
import { Problem } from '../problem';

declare module 'hono' {
  interface ContextVariableMap {
    operator: Operator;
  }
}

const readingMethods = new Set(['GET', 'HEAD']);
/** The paths of POST calls that change nothing. They are POST calls because they need a body. */
const readingPosts = new Set(['/ops/orders/search', '/ops/orders.csv', '/codec/decode']);

/**
 * Refuses requests that do not have the token of an operator as `Authorization: Bearer` (RFC 6750). If the operator may
 * only read, also refuses every call that can change something.
 *
 * @param operators undefined in demo mode, in which requests need no token
 * @throws Problem `admin_token_missing`, `admin_token_wrong` or `admin_token_read_only`
 */
export function requireAdmin(operators: OperatorToken[] | undefined): MiddlewareHandler {
  const find = operators === undefined ? () => unnamedOperator : operatorFinder(operators);
  return async (c, next) => {
    const operator = find(c);
    if (operator.access === 'read' && !isReading(c)) {
      throw new Problem('admin_token_read_only', 'Your admin token allows reading only.');
    }
    c.set('operator', operator);
    await next();
  };
}

/** The name of the operator who sent the request. The route must have the middleware `requireAdmin`. */
export function operatorOf(c: Context): string {
  return c.var.operator.name;
}

function operatorFinder(operators: OperatorToken[]): (c: Context) => Operator {
  const known = operators.map(({ name, access, token }) => ({ name, access, isToken: secretMatcher(token) }));
  return (c) => {
    const given = bearerToken(c.req.header('Authorization'));
    if (given === undefined) {
      const headers = { 'WWW-Authenticate': 'Bearer realm="widget-store"' };
      throw new Problem('admin_token_missing', 'This call needs an admin token as a bearer token.', headers);
    }
    // `filter` compares the given token with every token, so that the duration does not reveal which one matches.
    const matching = known.filter(({ isToken }) => isToken(given));
    const operator = matching.at(0);
    if (operator === undefined) throw new Problem('admin_token_wrong', 'The admin token is wrong.');
    return operator;
  };
}

function isReading(c: Context): boolean {
  return readingMethods.has(c.req.method) || readingPosts.has(c.req.path);
}
