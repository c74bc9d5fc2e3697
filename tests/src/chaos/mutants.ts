import type { InvariantName } from './oracle';
import { hotProductId, type PlannedShopper } from './plan';

/** A bug that the oracle must find. `tests/programs/mutants.js` implements the bugs that are in activities. */
export interface Mutant {
  name: string;
  /** The invariant that the bug breaks in the orders that have the bug. The bug can also break other invariants. */
  breaks: InvariantName;
  /** The kind of shoppers whose orders have the bug. */
  kind: PlannedShopper['kind'];
  shoppers: number;
  plan?: Partial<PlannedShopper>;
  /** SQL that creates the bug, or that drops the database constraint that would prevent the bug. */
  sql?: string;
  /** A pattern for the anomaly's text. Set if a slow store could break the same invariant without the bug. */
  says?: RegExp;
  /** The text by which the anomaly is recognised. Set if the anomaly names neither an order nor a key. */
  names?: string;
}

/**
 * Restricts the trigger that increments an order's version. At the beginning of a refund, the version then stays the
 * same, so two concurrent requests both find that nothing has been refunded.
 */
const beginsRefund = `new.idempotency_key like '%-refundWithoutReservation-%' and new.payment_status = 'refunding'`;
const withoutReservation = `
  create or replace trigger record_order_change before update on orders for each row
    when (not (${beginsRefund})) execute function record_order_change();
  create function wait_unnoticed() returns trigger language plpgsql as $$ begin
    perform pg_sleep(0.3);
    return new;
  end $$;
  create trigger wait_unnoticed before update on orders for each row
    when (${beginsRefund}) execute function wait_unnoticed()`;

/**
 * Loses the event `order.paid`. A store would lose this event in the same way if it wrote the event only after the
 * commit of the payment, and was killed between the commit and the write.
 */
const withoutOutbox = `
  create function lose_event() returns trigger language plpgsql as $$ begin
    if exists (select from orders where order_id = new.order_id and idempotency_key like '%-eventLostAtCrash-%') then
      return null;
    end if;
    return new;
  end $$;
  create trigger lose_event before insert on outgoing_events for each row
    when (new.type = 'order.paid') execute function lose_event()`;

const noRefunds = {
  refunds: [],
  dashboardPercent: 0,
  isDispatched: true,
  isCancelled: false,
  last: null,
  trouble: null,
};
const onePart = { percent: 20, restock: false, copies: 1 };
const mostOfIt = { ...onePart, percent: 70 };

export const mutants: Mutant[] = [
  { name: 'noDedupe', breaks: 'I2', kind: 'normal', shoppers: 2, sql: 'drop index orders_idempotency_key_key' },
  // This bug removes only every third order of its shoppers.
  { name: 'answerBeforeCommit', breaks: 'I4', kind: 'normal', shoppers: 4 },
  {
    name: 'unlockedStockRead',
    breaks: 'I1',
    kind: 'hot',
    shoppers: 7,
    plan: { atMs: 0, lines: [{ productId: hotProductId, quantity: 1 }] },
    sql: 'alter table products drop constraint products_inventory_not_negative',
    names: `product ${hotProductId} has -`,
  },
  { name: 'bareRelease', breaks: 'I1', kind: 'declined', shoppers: 2 },
  // Even without the bug, the gateway keeps the money for a moment before the refund. So only an order with the payment
  // status `refunded` proves the bug.
  {
    name: 'expiryWithoutRefund',
    breaks: 'I3',
    kind: 'late',
    shoppers: 2,
    plan: { atMs: 0, thinkMs: 3000 },
    says: /\(CANCELLED, refunded\): the gateway keeps/,
  },
  {
    name: 'shippedTwice',
    breaks: 'I10',
    kind: 'normal',
    shoppers: 2,
    plan: { thinkMs: 1500, shipment: { copies: 1, hasRival: false, isRepeated: true } },
    says: /was shipped with first and third/,
  },
  { name: 'doubleTick', breaks: 'I10', kind: 'normal', shoppers: 2 },
  {
    name: 'refundWithoutReservation',
    breaks: 'I4',
    kind: 'refunded',
    shoppers: 2,
    plan: { refunds: { ...noRefunds, refunds: [mostOfIt, mostOfIt] } },
    sql: withoutReservation,
    says: /failed for .* without a reason/,
  },
  {
    name: 'retryWithNewKey',
    breaks: 'I2',
    kind: 'refunded',
    shoppers: 2,
    plan: { refunds: { ...noRefunds, refunds: [onePart] } },
  },
  {
    name: 'dashboardRefundCountedTwice',
    breaks: 'I3',
    kind: 'refunded',
    shoppers: 2,
    plan: { refunds: { ...noRefunds, dashboardPercent: 20, last: 20 } },
    says: /-again of .* which the gateway does not know/,
  },
  {
    name: 'eventLostAtCrash',
    breaks: 'I11',
    kind: 'normal',
    shoppers: 2,
    sql: withoutOutbox,
    says: /never arrived, although/,
  },
  { name: 'buyerInFailure', breaks: 'I12', kind: 'normal', shoppers: 2 },
];
