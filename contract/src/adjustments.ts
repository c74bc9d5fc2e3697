export const adjustmentKinds = ['shipping', 'discount', 'tax', 'fee'] as const;
export type AdjustmentKind = (typeof adjustmentKinds)[number];

/** A part of an order's total besides its items. An order can have at most `maxAdjustments`. */
export interface Adjustment {
  kind: AdjustmentKind;
  /**
   * What shoppers and operators read, also on the payment page. One line, up to `maxAdjustmentLabelLength` characters.
   */
  label: string;
  /** Integer minor units of the order's currency. Negative for a discount, positive for every other kind. */
  amountMinor: number;
}

export const maxAdjustments = 20;
export const maxAdjustmentLabelLength = 100;

/** The input of `DecideAdjustments`. All prices have the same currency. */
export interface PricedCart {
  /** One item for each product. */
  items: { productId: number; quantity: number; unitPriceMinor: number }[];
  /** ISO 4217 code. */
  currency: string;
}

/**
 * Decides the adjustments of an order before it is placed. The same cart must always get the same adjustments, because
 * the storefront and the worker both call this function.
 */
export type DecideAdjustments = (cart: PricedCart) => Adjustment[];

/** What items cost, in minor units. */
export function itemsMinor(items: { quantity: number; unitPriceMinor: number }[]): number {
  return items.reduce((sum, { quantity, unitPriceMinor }) => sum + quantity * unitPriceMinor, 0);
}

/** The sum of the adjustments, in minor units. */
export function adjustmentsMinor(adjustments: Pick<Adjustment, 'amountMinor'>[]): number {
  return adjustments.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
}
