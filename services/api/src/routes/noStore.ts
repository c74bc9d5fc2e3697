/** For responses that caches must not keep: they change quickly, or are only for people who know the id of an order. */
export const noStore = { 'Cache-Control': 'no-store' } as const;
