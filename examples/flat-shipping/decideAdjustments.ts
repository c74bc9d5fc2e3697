import { type DecideAdjustments, itemsMinor } from './adjustments';

const shippingMinor = 500;
const freeFromMinor = 5000;

/** Shipping costs 5.00 for items below 50.00 together. From 50.00 on, it is free. */
export const decideAdjustments: DecideAdjustments = ({ items }) =>
  itemsMinor(items) < freeFromMinor ? [{ kind: 'shipping', label: 'Shipping', amountMinor: shippingMinor }] : [];
