/** Forbids caches to keep a response: it changes quickly, or it is only for people who know an id. */
export const noStore = { 'Cache-Control': 'no-store' } as const;
