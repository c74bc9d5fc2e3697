import { failureCode } from '../failures.js';
import type { OrderReport } from './api.js';
import { failureText } from './failureText.js';
import type { OpsAction } from './queries.js';
import { opsTexts } from './texts.js';

interface FailedAction {
  action: OpsAction;
  error: unknown;
  /** The order before the action; undefined if the action concerns no order, or if the page had not read it. */
  before: OrderReport | undefined;
  /** The order as the page last read it. */
  now: OrderReport | undefined;
  /** Whether the page has read the order after the action. */
  isRead: boolean;
}

interface Outcome {
  /** What the store has recorded although the action failed; null if there is nothing to tell. */
  recorded: string | null;
  /** What is wrong; null if the order has changed, because the page then shows the new state. */
  problem: string | null;
}

/** What the operator must know about an action that failed. */
export function outcomeOf({ action, error, before, now, isRead }: FailedAction): Outcome {
  const { recorded, nothingDone, nothingChanged, unknown } = opsTexts.actions.unanswered;
  if (!isUnanswered(error) || before === undefined || now === undefined) {
    return { recorded: null, problem: failureText(error) };
  }
  if (action.name === 'refund' && hasNewPendingRefund(before, now)) return { recorded, problem: null };
  if (stateOf(before) !== stateOf(now)) return { recorded: null, problem: null };
  if (!isRead) return { recorded: null, problem: unknown };
  // The store records a refund before it does anything else, so without a record nothing was done. Any other action can
  // still reach its workflow later.
  return { recorded: null, problem: action.name === 'refund' ? nothingDone : nothingChanged };
}

/** Whether it is possible that the store has accepted the action, although the request failed. */
function isUnanswered(error: unknown): boolean {
  return ['unavailable', 'unexpected'].includes(failureCode(error));
}

function hasNewPendingRefund({ order: before }: OrderReport, { order: now }: OrderReport): boolean {
  const known = new Set(before.refunds.map(({ refund_id: id }) => id));
  return now.refunds.some(
    ({ refund_id: id, status, gateway_refund_id: gatewayId }) =>
      !known.has(id) && status === 'pending' && gatewayId === null,
  );
}

/** The parts of an order that actions change, as one text. */
function stateOf({ order, buyer }: OrderReport): string {
  const { status, carrier, tracking_url: trackingUrl, refunds, items } = order;
  const refundStates = refunds.map(({ refund_id: id, status: state, settled_by: by }) => [id, state, by]);
  const returned = items.map((item) => item.returned);
  return JSON.stringify([status, carrier, trackingUrl, refundStates, returned, buyer?.erased_at]);
}
