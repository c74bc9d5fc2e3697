import { type DecideAdjustments, itemsMinor } from './adjustments';

const shippingMinor = 500;
const freeFromMinor = 5000;

/** Shipping costs 5.00 if the items together cost less than 50.00. Otherwise it is free. */
export const decideAdjustments: DecideAdjustments = ({ items }) =>
  itemsMinor(items) < freeFromMinor ? [{ kind: 'shipping', label: 'Shipping', amountMinor: shippingMinor }] : [];
