/** The maximum number of different products in a cart. */
export const maxCartLines = 50;
