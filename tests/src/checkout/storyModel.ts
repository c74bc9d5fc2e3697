import type { CancelReason } from '@widget-store/contract';

/**
 * An event of a checkout:
 * - `refund`: an operator's partial refund. Every such refund of an order has the same key.
 * - `dashboard`: a partial refund that somebody makes at the gateway. This refund and the operator's refund together
 *   exceed the order's total.
 * - `window`: the end of the payment window.
 */
export type CheckoutEvent = 'paid' | 'failed' | 'other' | 'cancel' | 'start' | 'refund' | 'dashboard' | 'window';

/** The amount that the gateway captured before the story starts. The gateway sends no webhook for this capture. */
export type Capture = 'nothing' | 'total' | 'another amount';

type Reason = Exclude<CancelReason, 'sold_out'>;

/** The state of an order between two events. A `refunded` order is cancelled, and its whole payment is refunded. */
type OrderState = 'pending' | 'paid' | 'dispatched' | `cancelled: ${Reason}` | `refunded: ${Reason}`;

/**
 * The partial refund that takes effect: the operator's, or the one in the gateway's dashboard. At most one of the two
 * can take effect, because their sum exceeds the total.
 */
export type PartRefund = 'none' | 'operator' | 'gateway';

export type OrderStanding = `${OrderState}, ${PartRefund}`;

export interface Story {
  captured: Capture;
  /** True if the payment window ends during the story. */
  windowEnds: boolean;
  /** The events of a burst are concurrent. With `untilDecided`, the next burst waits until the order is decided. */
  bursts: { events: CheckoutEvent[]; untilDecided: boolean }[];
}

const decisive: ReadonlySet<CheckoutEvent> = new Set(['paid', 'failed', 'other', 'cancel']);

export function isDecisive(event: CheckoutEvent): boolean {
  return decisive.has(event);
}

export function possibleEnds({ bursts, windowEnds, captured }: Story): Set<OrderStanding> {
  let standings: Standing[] = [{ order: 'pending', part: 'none' }];
  let atOnce = new Set<CheckoutEvent>();
  for (const { events, untilDecided } of bursts) {
    for (const event of events) atOnce.add(event);
    if (!untilDecided || ![...atOnce].some(isDecisive)) continue;
    // The payment window may end at any moment.
    const early = windowEnds ? afterAll(standings, new Set([...atOnce, 'window']), captured) : [];
    standings = [...afterAll(standings, atOnce, captured), ...early];
    atOnce = new Set();
  }
  if (windowEnds) atOnce.add('window');
  const ends = afterAll(standings, atOnce, captured);
  return new Set(ends.map(({ order, part }) => standingOf({ order: order === 'paid' ? 'dispatched' : order, part })));
}

interface Standing {
  order: OrderState;
  part: PartRefund;
}

/**
 * Returns the state as one text. The text of a `refunded` order names no partial refund, because the refund of the
 * whole payment includes it.
 */
export function standingOf({ order, part }: Standing): OrderStanding {
  return `${order}, ${order.startsWith('refunded') ? 'none' : part}`;
}

/** Returns every state that is possible after all of these events, whatever their sequence. */
function afterAll(from: Standing[], events: Set<CheckoutEvent>, captured: Capture): Standing[] {
  const ends: Standing[] = [];
  const seen = new Set<string>();
  const explore = (standing: Standing, past: CheckoutEvent[]): void => {
    const state = [standingOf(standing), ...past.toSorted()].join();
    if (seen.has(state)) return;
    seen.add(state);
    if (past.length === events.size) ends.push(standing);
    for (const event of events) {
      const after = past.includes(event) ? past : [...past, event];
      for (const next of afterOne(standing, event, captured)) explore(next, after);
    }
  };
  for (const standing of from) explore(standing, []);
  return ends;
}

function afterOne(standing: Standing, event: CheckoutEvent, captured: Capture): Standing[] {
  const { order, part } = standing;
  const become = (next: OrderState): Standing => ({ order: next, part });
  switch (event) {
    case 'start':
      return [standing];
    case 'paid':
      return [order === 'pending' ? become('paid') : refundedOf(standing)];
    case 'failed':
    case 'other':
      return [order === 'pending' ? become('cancelled: payment_failed') : standing];
    case 'cancel':
      if (order === 'pending') return [become('cancelled: cancelled')];
      return order === 'paid' ? [become('refunded: cancelled'), become('dispatched')] : [standing];
    case 'refund':
      return [isKept(order) && part === 'none' ? { order, part: 'operator' } : standing];
    case 'dashboard': {
      if (captured === 'nothing') return [standing];
      const atGateway: Standing = { order, part: 'gateway' };
      // If the gateway has made the operator's refund, it refuses the one in the dashboard. Otherwise it makes the
      // refund in the dashboard, and the operator's refund fails, because too little is left.
      return part === 'operator' ? [standing, atGateway] : [atGateway];
    }
    case 'window': {
      const refundDue = captured === 'another amount' || part === 'gateway';
      // A payment that is partly refunded does not pay for the order.
      if (order === 'pending') return [become(refundDue ? 'refunded: payment_expired' : afterWindow[captured])];
      // At the end of the window, the run asks the gateway about the payment. If another event decides the order during
      // this call, the refund that is due may or may not be made.
      return refundDue ? [standing, refundedOf(standing)] : [standing];
    }
    default:
      return event satisfies never;
  }
}

function isKept(order: OrderState): boolean {
  return order === 'paid' || order === 'dispatched';
}

const afterWindow: Record<Exclude<Capture, 'another amount'>, OrderState> = {
  nothing: 'cancelled: payment_expired',
  total: 'paid',
};

/** Returns the state of a cancelled order after a late payment. */
function refundedOf(standing: Standing): Standing {
  const { order, part } = standing;
  switch (order) {
    case 'cancelled: payment_failed':
      return { order: 'refunded: payment_failed', part };
    case 'cancelled: payment_expired':
      return { order: 'refunded: payment_expired', part };
    case 'cancelled: cancelled':
      return { order: 'refunded: cancelled', part };
    default:
      return standing;
  }
}
