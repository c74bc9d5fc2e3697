import type { OrderLine } from '@widget-store/contract';
import type { Random } from '../support/random';
import { type PlannedRefunds, planRefunds } from './operators';
import { type PlannedShipment, planShipment } from './shipments';

const shopperWeights = {
  /** Buys the product that sells out, and pays. */
  hot: 28,
  /** Buys a cart and pays. */
  normal: 16,
  abandoned: 8,
  declined: 8,
  /** Cancels before paying. */
  cancelled: 6,
  /** Cancels while the order is being dispatched, or while operators ship it. */
  cancelledPaid: 8,
  /** Pays, and operators refund the order. */
  refunded: 16,
  /** Pays after the payment window. */
  late: 7,
  /** Pays shortly before or after the end of the payment window. */
  edge: 7,
  /** Sends several concurrent requests for one checkout. */
  sameKey: 6,
  /** Sends two carts with one key at the same time. */
  otherCart: 3,
  /** Never pays. The forged webhooks name the payment of this shopper. */
  victim: 3,
} as const;

type ShopperKind = keyof typeof shopperWeights;

export interface PlannedShopper {
  /** Milliseconds from the start of the load. */
  atMs: number;
  kind: ShopperKind;
  key: string;
  lines: OrderLine[];
  /** The second cart of `otherCart`. */
  otherLines: OrderLine[];
  /** The pause between two steps. */
  thinkMs: number;
  /** The number of concurrent requests of `sameKey`. */
  copies: number;
  /** The time when `edge` pays, in milliseconds after the end of the payment window. Negative before the end. */
  edgeMs: number;
  /** The refunds of a `refunded` shopper's order. */
  refunds: PlannedRefunds;
  /** How the order is shipped, if it has manual fulfilment. */
  shipment: PlannedShipment;
  random: Random;
}

export interface LoadPlan {
  shoppers: PlannedShopper[];
  restocksAtMs: number[];
  invalid: { atMs: number; key: string; random: Random }[];
}

/** Product 1 sells out and is restocked; product 2 has little stock; the others have plenty. */
export const hotProductId = 1;
export const plentifulProductIds = [3, 4, 5, 6];

export interface LoadPlanOptions {
  random: Random;
  /** The prefix of every key. It makes the keys unique if several runs share a Temporal server. */
  name: string;
  durationMs: number;
  checkoutsPerSecond: number;
}

/** Plans the whole load before it starts. The load is an open loop: a slow store does not delay the next shoppers. */
export function planLoad({ random, name, durationMs, checkoutsPerSecond }: LoadPlanOptions): LoadPlan {
  const count = Math.round((durationMs / 1000) * checkoutsPerSecond);
  const shoppers = Array.from({ length: count }, (_, index) =>
    planShopper(random.fork(), { atMs: random.between(0, durationMs), key: `${name}-${index}` }),
  );
  const invalidCount = Math.round(durationMs / 2000);
  return {
    shoppers: shoppers.toSorted((one, other) => one.atMs - other.atMs),
    restocksAtMs: timesEvery(20_000, { random, durationMs }),
    invalid: Array.from({ length: invalidCount }, (_, index) => ({
      atMs: random.between(0, durationMs),
      key: `${name}-invalid-${index}`,
      random: random.fork(),
    })),
  };
}

function planShopper(random: Random, { atMs, key }: { atMs: number; key: string }): PlannedShopper {
  const kind = random.weighted(shopperWeights);
  return {
    atMs,
    key,
    kind,
    lines: kind === 'hot' ? [{ productId: hotProductId, quantity: 1 }] : cart(random),
    otherLines: [{ productId: 3, quantity: 7 }],
    thinkMs: random.between(50, 1500),
    copies: random.between(2, 5),
    edgeMs: random.between(-250, 150),
    refunds: planRefunds(random),
    shipment: planShipment(random),
    random,
  };
}

function cart(random: Random): OrderLine[] {
  const productIds = random.shuffled([hotProductId, 2, ...plentifulProductIds, ...plentifulProductIds]);
  const chosen = new Set(productIds.slice(0, random.between(1, 3)));
  return [...chosen].map((productId) => ({ productId, quantity: random.between(1, 2) }));
}

function timesEvery(periodMs: number, { random, durationMs }: { random: Random; durationMs: number }): number[] {
  const times: number[] = [];
  for (let atMs = periodMs; atMs < durationMs; atMs += periodMs) times.push(atMs + random.between(-5000, 5000));
  return times;
}
