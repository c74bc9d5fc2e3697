import type { Fulfilment, OrderRef, OrderState } from '@widget-store/contract';
import { and, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { buyers, orders } from '../schema';
import { recordAction } from './operatorActions';
import { foundOrder, orderState, readState } from './orderState';

interface DispatchProgress extends OrderState {
  progressRemaining: number;
  fulfilment: Fulfilment;
}

const progress = { ...orderState, progressRemaining: orders.progressRemaining, fulfilment: orders.fulfilment };

/** @throws StoreError `OrderNotFound` */
export async function readDispatchProgress(db: Database, { orderId }: OrderRef): Promise<DispatchProgress> {
  const [order] = await db.select(progress).from(orders).where(eq(orders.orderId, orderId));
  return foundOrder(order);
}

/** Reads an order at the start of its dispatch. @throws StoreError `OrderNotFound` */
export async function readDispatch(
  db: Database,
  { orderId }: OrderRef,
): Promise<DispatchProgress & { needsBuyer: boolean }> {
  const [order] = await db
    .select({ ...progress, needsBuyer })
    .from(orders)
    .where(eq(orders.orderId, orderId));
  return foundOrder(order);
}

/**
 * Whether the buyer of a paid order still has to be recorded: the payment page asks for an address, and the order has
 * no row in `buyers`, not even an erased one.
 */
const needsBuyer = sql<boolean>`case when ${orders.status} = 'PAID' and ${orders.shippingCountries} is not null
  then not exists (select from ${buyers} where buyers.order_id = orders.order_id) else false end`;

/**
 * Changes the progress from `from` to `from - 1`. When the progress reaches 0, the order becomes DISPATCHED. The
 * statement is a compare-and-set, so two executions of `dispatchOrder` cannot make the same tick twice.
 *
 * @returns the current progress of the order, even if another call has changed it
 */
export async function tickDispatch(
  db: Database,
  { orderId, from }: { orderId: string; from: number },
): Promise<DispatchProgress> {
  const [ticked] = await db
    .update(orders)
    .set({ progressRemaining: from - 1, status: from === 1 ? 'DISPATCHED' : 'PAID', updatedAt: sql`now()` })
    .where(and(eq(orders.orderId, orderId), eq(orders.status, 'PAID'), eq(orders.progressRemaining, from)))
    .returning(progress);
  return ticked ?? readDispatchProgress(db, { orderId });
}

/** Makes a PAID order with manual fulfilment ready to ship. Does not change any other order. */
export async function markReadyToShip(db: Database, { orderId }: OrderRef): Promise<OrderState> {
  const [ready] = await db
    .update(orders)
    .set({ readyAt: sql`now()`, updatedAt: sql`now()` })
    .where(and(isPaidManual(orderId), isNull(orders.readyAt)))
    .returning(orderState);
  return ready ?? readState(db, orderId);
}

/** What the operator says about the parcel; each part can be missing. */
interface Parcel extends OrderRef {
  carrier: string | null;
  trackingUrl: string | null;
}

interface Shipment extends Parcel {
  /** The name of the operator who ships the order or corrects its shipment. */
  operator: string;
}

/**
 * The outcome is `shipped` even if an earlier call with the same parcel has shipped the order. Every other outcome is
 * the reason why this call did not ship the order.
 */
export type ShipOutcome =
  | 'shipped'
  | 'other_parcel'
  | 'not_manual'
  | 'not_paid'
  | 'not_ready'
  | 'cancelled'
  | 'paid_back'
  | 'all_returned';

/**
 * Changes a PAID order with manual fulfilment to DISPATCHED and records its parcel, if the order is ready to ship and
 * has pieces left, and the shopper does not have all of the payment back. The statement is a compare-and-set, so an
 * order is shipped at most once, and never after a cancellation.
 *
 * @returns undefined if the order does not exist
 */
export async function shipOrder(db: Database, parcel: Shipment): Promise<ShipOutcome | undefined> {
  const { orderId, carrier, trackingUrl, operator } = parcel;
  for (;;) {
    const shipped = await db.execute(sql`
      with shipped as (
        update ${orders}
        set status = 'DISPATCHED', progress_remaining = 0, shipped_at = now(), carrier = ${carrier},
          tracking_url = ${trackingUrl}, updated_at = now()
        where ${isPaidManual(orderId)} and ready_at is not null and not all_paid_back and not all_returned
        returning order_id
      ), ${recordAction(sql`shipped`, { kind: 'ship', operator })}
      select order_id from shipped`);
    if (shipped.length > 0) return 'shipped';
    const [order] = await db.select(shipment).from(orders).where(eq(orders.orderId, orderId));
    if (order === undefined) return undefined;
    const outcome = outcomeOf(order, parcel);
    // Another change of the order, for example a refund, can have been committed meanwhile. If the order can now be
    // shipped, the loop tries again.
    if (outcome !== 'shippable') return outcome;
  }
}

interface Correction extends Shipment {
  /** The order changes only if its version is one of these; undefined for any version. */
  versions: number[] | undefined;
}

/**
 * Replaces the carrier and the tracking link of a shipped order, and records the earlier ones. If the order already has
 * the given ones, the call can be a repetition. It then changes and records nothing, even if `versions` lacks the
 * version of the order.
 */
export async function correctShipment(
  db: Database,
  { orderId, carrier, trackingUrl, operator, versions }: Correction,
): Promise<'corrected' | 'other_version' | 'not_shipped'> {
  const isSeen = versions === undefined ? sql`true` : inArray(orders.version, versions);
  const [found] = await db.execute<{ isDone: boolean }>(sql`
    with shipped as (
      select order_id, carrier, tracking_url, ${isSeen} as is_seen,
        (carrier, tracking_url) is not distinct from (${carrier}::text, ${trackingUrl}::text) as is_same
      from ${orders} where order_id = ${orderId} and shipped_at is not null for update
    ), corrected as (
      update ${orders} set carrier = ${carrier}, tracking_url = ${trackingUrl}, updated_at = now()
      from shipped
      where orders.order_id = shipped.order_id and is_seen and not is_same
      returning orders.order_id, concat_ws(' ', shipped.carrier, shipped.tracking_url) as earlier
    ), ${recordAction(sql`corrected`, { kind: 'correct_shipment', operator, subject: sql`earlier` })}
    select is_seen or is_same as "isDone" from shipped`);
  if (found === undefined) return 'not_shipped';
  return found.isDone ? 'corrected' : 'other_version';
}

const shipment = {
  status: orders.status,
  fulfilment: orders.fulfilment,
  carrier: orders.carrier,
  trackingUrl: orders.trackingUrl,
  isReady: sql<boolean>`${orders.readyAt} is not null`,
  allPaidBack: orders.allPaidBack,
  allReturned: orders.allReturned,
};

interface ShipmentRow extends Omit<Parcel, 'orderId'>, Pick<OrderState, 'status'> {
  fulfilment: Fulfilment;
  isReady: boolean;
  allPaidBack: boolean;
  allReturned: boolean;
}

function outcomeOf(order: ShipmentRow, { carrier, trackingUrl }: Parcel): ShipOutcome | 'shippable' {
  const { status } = order;
  if (order.fulfilment !== 'manual') return 'not_manual';
  switch (status) {
    case 'PENDING':
      return 'not_paid';
    case 'PAID':
      if (order.allReturned) return 'all_returned';
      if (order.allPaidBack) return 'paid_back';
      return order.isReady ? 'shippable' : 'not_ready';
    case 'DISPATCHED':
      return order.carrier === carrier && order.trackingUrl === trackingUrl ? 'shipped' : 'other_parcel';
    case 'CANCELLED':
      return 'cancelled';
    default:
      return status satisfies never;
  }
}

function isPaidManual(orderId: string) {
  return and(eq(orders.orderId, orderId), eq(orders.status, 'PAID'), eq(orders.fulfilment, 'manual'));
}
