/**
 * Reads the cursor of the next page from a `Link` header (RFC 8288) such as `</orders?limit=20&cursor=abc>; rel="next"`.
 * Ignores the rest of the URL, because a header must not decide where the page sends its next request.
 */
export function nextCursor(header: string | null): string | null {
  for (const [, target = '', parameters = ''] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    if (!/;\s*rel\s*=\s*"?next\b/i.test(parameters)) continue;
    const [, query = ''] = target.split('?');
    return new URLSearchParams(query).get('cursor');
  }
  return null;
}
