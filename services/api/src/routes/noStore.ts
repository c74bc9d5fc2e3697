/** For responses that caches must not keep, because they change quickly or only people who know an id can see them. */
export const noStore = { 'Cache-Control': 'no-store' } as const;
