/**
 * The cursor of the next page in a `Link` header (RFC 8288) such as `</orders?limit=20&cursor=abc>; rel="next"`.
 * The rest of the URL is ignored: a header must not decide where the page sends a request.
 */
export function nextCursor(header: string | null): string | null {
  for (const [, target = '', parameters = ''] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?next\b/i.test(parameters)) continue;
    const [, query = ''] = target.split('?');
    return new URLSearchParams(query).get('cursor');
  }
  return null;
}
