import type { CancelReason } from '@widget-store/contract';

/** What can happen to a checkout. `window` is the end of its payment window. */
export type Happening = 'paid' | 'failed' | 'other' | 'cancel' | 'start' | 'window';

/** What the gateway has taken before the story begins, without telling anybody. */
export type Capture = 'nothing' | 'total' | 'odd amount';

type Reason = Exclude<CancelReason, 'sold_out'>;

/** Where an order can stand between two happenings. `refunded` is cancelled too, with nothing kept of its payment. */
export type Standing = 'pending' | 'paid' | 'dispatched' | `cancelled: ${Reason}` | `refunded: ${Reason}`;

export interface Story {
  captured: Capture;
  /** Whether the payment window ends while the story is told; otherwise it is too long for that. */
  windowEnds: boolean;
  /** Each burst comes at once, and the next one after it when the order is decided, or at once as well. */
  bursts: { events: Happening[]; untilDecided: boolean }[];
}

const decisive: ReadonlySet<Happening> = new Set(['paid', 'failed', 'other', 'cancel']);

export function isDecisive(event: Happening): boolean {
  return decisive.has(event);
}

/** Every standing that an order may end in when this story is told. */
export function possibleEnds({ bursts, windowEnds, captured }: Story): Set<Standing> {
  let standings = new Set<Standing>(['pending']);
  let atOnce = new Set<Happening>();
  for (const { events, untilDecided } of bursts) {
    for (const event of events) atOnce.add(event);
    if (!untilDecided || ![...atOnce].some(isDecisive)) continue;
    // The window may end at any moment, and then it is one happening more.
    const early = windowEnds ? [...afterAll(standings, new Set([...atOnce, 'window']), captured)] : [];
    standings = new Set([...afterAll(standings, atOnce, captured), ...early]);
    atOnce = new Set();
  }
  if (windowEnds) atOnce.add('window');
  const ends = afterAll(standings, atOnce, captured);
  return new Set([...ends].map((standing) => (standing === 'paid' ? 'dispatched' : standing)));
}

/**
 * What may be once all of these have happened, in whatever order. That each may have come several times makes no difference:
 * a repetition changes nothing.
 */
function afterAll(from: Set<Standing>, events: Set<Happening>, captured: Capture): Set<Standing> {
  const ends = new Set<Standing>();
  const seen = new Set<string>();
  const explore = (standing: Standing, happened: Happening[]): void => {
    const state = [standing, ...happened.toSorted()].join();
    if (seen.has(state)) return;
    seen.add(state);
    if (happened.length === events.size) ends.add(standing);
    for (const event of events) {
      const after = happened.includes(event) ? happened : [...happened, event];
      for (const next of afterOne(standing, event, captured)) explore(next, after);
    }
  };
  for (const standing of from) explore(standing, []);
  return ends;
}

function afterOne(standing: Standing, event: Happening, captured: Capture): Standing[] {
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
      if (standing === 'pending') return [atWindowsEnd[captured]];
      // What decided the order may have come while the gateway was being asked.
      return captured === 'odd amount' ? [standing, refundedOf(standing)] : [standing];
    default:
      return event satisfies never;
  }
}

const atWindowsEnd: Record<Capture, Standing> = {
  nothing: 'cancelled: payment_expired',
  total: 'paid',
  'odd amount': 'refunded: payment_expired',
};

/** What a payment that came late makes of a cancelled order. */
function refundedOf(standing: Standing): Standing {
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
