import type { Context } from 'hono';
import type { Html } from './htmlDocument';

/**
 * Answers with a page that can load files only from this server.
 *
 * @param options.returnUrl the address to which the page's forms redirect. The policy must allow it, because Chromium
 * applies `form-action` to redirects too.
 */
export function htmlAnswer(c: Context, page: Html, options: { status?: 200 | 404 | 422; returnUrl?: string } = {}) {
  const { status = 200, returnUrl } = options;
  const targets = returnUrl === undefined ? "'self'" : `'self' ${new URL(returnUrl).origin}`;
  c.header(
    'Content-Security-Policy',
    `default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action ${targets}`,
  );
  c.header('Cache-Control', 'no-store');
  return c.html(page, status);
}
