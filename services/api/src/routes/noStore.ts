/** Forbids caches to keep a response, because it changes quickly or only people who know an id are allowed to see it. */
export const noStore = { 'Cache-Control': 'no-store' } as const;
