import type { DecideAdjustments } from './adjustments';

/**
 * Decides the price components of an order besides its items, such as shipping. Null: an order costs what its items
 * cost. `examples/flat-shipping` has a function for this file.
 */
export const decideAdjustments: DecideAdjustments | null = null;
