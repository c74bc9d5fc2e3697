/** Headers of an answer that no cache may keep: it changes quickly, or only the owner of an id may see it. */
export const noStore = { 'Cache-Control': 'no-store' } as const;
