/**
 * Reads the cursor of the next or the previous page from a `Link` header (RFC 8288), such as
 * `</orders?limit=20&cursor=abc>; rel="next"`. Ignores the rest of the URL, because a header must not decide where the
 * page sends its next request.
 */
export function cursorOf(header: string | null, rel: 'next' | 'prev'): string | null {
  for (const [, target = '', parameters = ''] of (header ?? '').matchAll(/<([^>]*)>([^<]*)/g)) {
    const [, found] = /;\s*rel\s*=\s*"?(next|prev)\b/i.exec(parameters) ?? [];
    if (found?.toLowerCase() !== rel) continue;
    const [, query = ''] = target.split('?');
    return new URLSearchParams(query).get('cursor');
  }
  return null;
}
