import type { Context } from 'hono';
import type { Html } from './htmlDocument';

/**
 * Answers with a page that may load files only from this server.
 *
 * @param options.returnUrl an address that forms may redirect to. This address must be allowed, because Chromium
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
