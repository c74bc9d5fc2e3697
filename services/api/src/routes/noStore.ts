/** Headers of an answer that no cache may keep: it is true for a moment, or for whoever has the id. */
export const noStore = { 'Cache-Control': 'no-store' } as const;
