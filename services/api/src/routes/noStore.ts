/** Forbids caches to keep a response that changes quickly, or that only people who know an id can see. */
export const noStore = { 'Cache-Control': 'no-store' } as const;
