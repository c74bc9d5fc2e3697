import type { Context } from 'hono';

/** Adds the `Link` header with the address of the next page, unless this page is the last one. */
export function linkNextPage(c: Context, nextCursor: number | undefined): void {
  if (nextCursor === undefined) return;
  const next = new URLSearchParams(c.req.query());
  next.set('cursor', String(nextCursor));
  c.header('Link', `<${c.req.path}?${next.toString()}>; rel="next"`);
}
