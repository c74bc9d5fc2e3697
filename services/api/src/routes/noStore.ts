/** For responses that caches must not keep, because they change quickly, or because not everybody may see them. */
export const noStore = { 'Cache-Control': 'no-store' } as const;
