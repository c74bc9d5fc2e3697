import type { CancelReason } from '@widget-store/contract';

/** An event of a checkout. `window` is the end of the payment window. */
export type CheckoutEvent = 'paid' | 'failed' | 'other' | 'cancel' | 'start' | 'window';

/** The amount that the gateway captured before the story starts. The gateway sends no webhook for it. */
export type Capture = 'nothing' | 'total' | 'another amount';

type Reason = Exclude<CancelReason, 'sold_out'>;

/** The state of an order between two events. A `refunded` order is cancelled, and its payment is refunded. */
export type OrderStanding = 'pending' | 'paid' | 'dispatched' | `cancelled: ${Reason}` | `refunded: ${Reason}`;

export interface Story {
  captured: Capture;
  /** Whether the payment window ends during the story. */
  windowEnds: boolean;
  /** The events of a burst are concurrent. With `untilDecided`, the next burst waits until the order is decided. */
  bursts: { events: CheckoutEvent[]; untilDecided: boolean }[];
}

const decisive: ReadonlySet<CheckoutEvent> = new Set(['paid', 'failed', 'other', 'cancel']);

export function isDecisive(event: CheckoutEvent): boolean {
  return decisive.has(event);
}

/** Returns every state in which an order may end after this story. */
export function possibleEnds({ bursts, windowEnds, captured }: Story): Set<OrderStanding> {
  let standings = new Set<OrderStanding>(['pending']);
  let atOnce = new Set<CheckoutEvent>();
  for (const { events, untilDecided } of bursts) {
    for (const event of events) atOnce.add(event);
    if (!untilDecided || ![...atOnce].some(isDecisive)) continue;
    // The payment window may end at any moment.
    const early = windowEnds ? [...afterAll(standings, new Set([...atOnce, 'window']), captured)] : [];
    standings = new Set([...afterAll(standings, atOnce, captured), ...early]);
    atOnce = new Set();
  }
  if (windowEnds) atOnce.add('window');
  const ends = afterAll(standings, atOnce, captured);
  return new Set([...ends].map((standing) => (standing === 'paid' ? 'dispatched' : standing)));
}

/** Returns every state that is possible after all of these events, in any order. Repeated events change nothing. */
function afterAll(from: Set<OrderStanding>, events: Set<CheckoutEvent>, captured: Capture): Set<OrderStanding> {
  const ends = new Set<OrderStanding>();
  const seen = new Set<string>();
  const explore = (standing: OrderStanding, past: CheckoutEvent[]): void => {
    const state = [standing, ...past.toSorted()].join();
    if (seen.has(state)) return;
    seen.add(state);
    if (past.length === events.size) ends.add(standing);
    for (const event of events) {
      const after = past.includes(event) ? past : [...past, event];
      for (const next of afterOne(standing, event, captured)) explore(next, after);
    }
  };
  for (const standing of from) explore(standing, []);
  return ends;
}

function afterOne(standing: OrderStanding, event: CheckoutEvent, captured: Capture): OrderStanding[] {
  switch (event) {
    case 'start':
      return [standing];
    case 'paid':
      return [standing === 'pending' ? 'paid' : refundedOf(standing)];
    case 'failed':
    case 'other':
      return [standing === 'pending' ? 'cancelled: payment_failed' : standing];
    case 'cancel':
      if (standing === 'pending') return ['cancelled: cancelled'];
      return standing === 'paid' ? ['refunded: cancelled', 'dispatched'] : [standing];
    case 'window':
      if (standing === 'pending') return [afterWindow[captured]];
      // At the end of the window, the run asks the gateway. If the deciding event arrived meanwhile, the run may also
      // refund an amount that differs from the total.
      return captured === 'another amount' ? [standing, refundedOf(standing)] : [standing];
    default:
      return event satisfies never;
  }
}

const afterWindow: Record<Capture, OrderStanding> = {
  nothing: 'cancelled: payment_expired',
  total: 'paid',
  'another amount': 'refunded: payment_expired',
};

/** Returns the state of a cancelled order after a late payment. */
function refundedOf(standing: OrderStanding): OrderStanding {
  switch (standing) {
    case 'cancelled: payment_failed':
      return 'refunded: payment_failed';
    case 'cancelled: payment_expired':
      return 'refunded: payment_expired';
    case 'cancelled: cancelled':
      return 'refunded: cancelled';
    default:
      return standing;
  }
}
