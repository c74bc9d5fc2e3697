/**
 * The entity tag of the version of a product or an order (RFC 9110, 8.8.3). A change of the product's stock does not
 * change the tag.
 */
export function versionTag({ version }: { version: number }): string {
  return `"${version}"`;
}

/**
 * Reads the versions in the header `If-Match` (RFC 9110, 13.1.1). Also reads weak tags, because a proxy that compresses
 * an answer makes its tag weak, but does not change the version in the tag. A tag without a version never matches.
 *
 * @returns undefined if every version matches
 */
export function versionsOf(ifMatch: string | undefined): number[] | undefined {
  if (ifMatch === undefined || ifMatch.trim() === '*') return undefined;
  return ifMatch
    .split(',')
    .flatMap((tag) => /^(?:W\/)?"([1-9]\d{0,8})"$/.exec(tag.trim())?.[1] ?? [])
    .map(Number);
}
