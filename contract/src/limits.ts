/** Different products in one cart. */
export const maxCartLines = 50;
