import type { OutgoingEventType } from '@widget-store/contract';
import { eq, type SQL, sql } from 'drizzle-orm';
import type { Database } from '../postgres/database';
import { outgoingEvents } from '../schema';
import { type ByOperator, recordAction } from './operatorActions';

/**
 * An event that the caller of `claimEvents` has to send now. Until the lease ends (`leaseMs`), no other process gets
 * the event.
 */
export interface ClaimedEvent {
  eventId: string;
  orderId: string;
  type: OutgoingEventType;
  data: Record<string, unknown>;
  /** ISO 8601. */
  createdAt: string;
  /** The number of this attempt, from 1. */
  attempts: number;
}

export interface ClaimedEvents {
  events: ClaimedEvent[];
  /** Whether more events can be due. */
  isFull: boolean;
}

/** The result of an attempt to send an event. */
export interface EventResult extends Pick<ClaimedEvent, 'eventId' | 'attempts'> {
  outcome: 'delivered' | 'refused' | 'gone';
  /** The status of the receiver's answer, or why there was no answer. */
  result: string;
  /** The wait until the next attempt. If the event is delivered or fails, the value has no effect. */
  retryMs: number;
}

export interface OutgoingEvent {
  eventId: string;
  orderId: string;
  type: OutgoingEventType;
  attempts: number;
  lastResult: string | null;
}

/** The events that wait for their delivery. */
export interface EventBacklog {
  waiting: number;
  /** The age of the oldest waiting event in seconds; 0 if none waits. */
  oldestAgeSeconds: number;
}

/** A receiver is in use if a worker has renewed it within this time. */
const unusedAfter = sql.raw(`interval '5 minutes'`);
/** The newest receiver in use. If none is in use, the newest receiver. */
const currentReceiver = sql`(
  select url_digest, gone_at from event_receivers
  order by seen_at > now() - ${unusedAfter} desc, first_seen_at desc, url_digest limit 1)`;

/**
 * Makes the triggers record outgoing events for the next three days, unless the receiver was marked as gone more than
 * three days ago. Each worker with a receiver calls this function every minute. If workers return to a receiver after
 * they used another one, the call removes the mark that the receiver is gone. The call detects this return if another
 * receiver was renewed more than five minutes after the last renewal of this one.
 */
export async function renewEventReceiver(db: Database, { urlDigest }: { urlDigest: string }): Promise<void> {
  await db.execute(sql`
    insert into event_receivers as mine (url_digest) values (${urlDigest})
    on conflict (url_digest) do update set seen_at = now(), gone_at = case when not exists (
      select from event_receivers as other where other.seen_at > mine.seen_at + ${unusedAfter}
    ) then mine.gone_at end`);
}

/**
 * Claims due events, but only for a worker whose receiver is the newest one in use and is not gone. A worker with an older
 * receiver gets no events, so that it sends nothing to an old address during a rollout. The events that have been due
 * for the longest time come first. Only the oldest event of each order can be claimed. The call postpones a later event
 * of the order until a second after the oldest one is due, or for an hour if the oldest one has failed. Until then,
 * calls do not read the later event.
 *
 * @param input.leaseMs the time after which another process can claim the event, unless `settleEvents` was called
 */
export async function claimEvents(
  db: Database,
  { urlDigest, limit, leaseMs }: { urlDigest: string; limit: number; leaseMs: number },
): Promise<ClaimedEvents> {
  const rows = await db.execute<ClaimedEvent & { isFirst: boolean } & Record<string, unknown>>(sql`
    with due as (
      select event_id, order_id, sequence from outgoing_events
      where due_at <= now() and exists (select from ${currentReceiver} as current where url_digest = ${urlDigest} and gone_at is null)
      order by due_at limit ${limit} for update skip locked
    ), place as (
      select due.event_id, first.event_id is null as is_first, first.due_at as first_due_at
      from due left join lateral (
        select event_id, due_at from outgoing_events as earlier
        where earlier.order_id = due.order_id and earlier.sequence < due.sequence order by sequence limit 1
      ) as first on true
    )
    update outgoing_events as event
    set due_at = case when is_first then now() + ${leaseMs}::int * interval '1 millisecond'
        when first_due_at is null then now() + interval '1 hour'
        else greatest(first_due_at, now()) + interval '1 second' end,
      attempts = attempts + is_first::int, first_attempt_at = case when is_first then coalesce(first_attempt_at, now()) end
    from place where event.event_id = place.event_id
    returning event.event_id as "eventId", order_id as "orderId", type, data, attempts, is_first as "isFirst",
      (extract(epoch from created_at) * 1000)::float8 as "createdAt"`);
  const events = rows
    .filter(({ isFirst }) => isFirst)
    .map(({ isFirst: _first, createdAt, ...event }) => ({ ...event, createdAt: new Date(createdAt).toISOString() }));
  return { events, isFull: rows.length === limit };
}

/**
 * Records the results of attempts. Deletes delivered events, and makes the remaining events of their orders due. An
 * event fails if an attempt fails more than three days after the first one, or if the newest receiver in use answers
 * that it is gone. If a newer attempt of an event has begun, the result of an older attempt has an effect only if it is
 * `delivered`.
 *
 * @returns the ids of the events that have failed
 */
export async function settleEvents(
  db: Database,
  { urlDigest, results }: { urlDigest: string; results: EventResult[] },
): Promise<string[]> {
  const isCurrent = sql`exists (select from ${currentReceiver} as current where url_digest = ${urlDigest})`;
  const isOver = sql`(outcome = 'gone' and ${isCurrent} or event.first_attempt_at < now() - interval '3 days')`;
  const [state] = await db.execute<{ failed: string[] | null }>(sql`
    with result as (
      select * from jsonb_to_recordset(${JSON.stringify(results)}::jsonb)
        as result ("eventId" text, attempts integer, outcome text, result text, "retryMs" integer)
    ), accepted as (
      select "eventId" from result where outcome = 'delivered'
    ), delivered as (
      select order_id from delete_outgoing_events(array(select "eventId" from accepted))
    ), next as (
      update outgoing_events as event set due_at = now() from delivered
      where event.order_id = delivered.order_id and failed_at is null and event_id not in (select "eventId" from result)
    ), refused as (
      update outgoing_events as event
      set last_result = result.result, failed_at = case when ${isOver} then now() end,
        due_at = case when not ${isOver} then now() + "retryMs" * interval '1 millisecond' end
      from result
      where event_id = "eventId" and event.attempts = result.attempts and first_attempt_at is not null
        and event_id not in (select "eventId" from accepted)
      returning event_id, failed_at, outcome
    ), gone as (
      update event_receivers set gone_at = now()
      where url_digest = ${urlDigest} and gone_at is null and ${isCurrent} and exists (select from refused where outcome = 'gone')
    )
    -- Postgres calls the function in \`delivered\` only if the result needs its rows.
    select (select count(*) from delivered) as delivered,
      (select json_agg(event_id) from refused where failed_at is not null) as failed`);
  return state?.failed ?? [];
}

/**
 * Makes a failed event due again. If receivers are marked as gone, removes the marks. Repeating the call changes
 * nothing.
 *
 * @returns undefined if the event does not exist, or is delivered
 */
export async function redeliverEvent(
  db: Database,
  { eventId, operator }: { eventId: string } & ByOperator,
): Promise<OutgoingEvent | undefined> {
  await redeliver(db, { failed: sql`event_id = ${eventId} and failed_at is not null`, operator });
  const [event] = await db
    .select({
      eventId: outgoingEvents.eventId,
      orderId: outgoingEvents.orderId,
      type: outgoingEvents.type,
      attempts: outgoingEvents.attempts,
      lastResult: outgoingEvents.lastResult,
    })
    .from(outgoingEvents)
    .where(eq(outgoingEvents.eventId, eventId));
  return event;
}

/**
 * Makes failed events due again, in the same way as `redeliverEvent`. The limit keeps the statement within its deadline,
 * because a long outage of the receiver leaves many failed events.
 *
 * @returns how many events the call has made due, at most `limit`
 */
export async function redeliverEvents(
  db: Database,
  { operator, limit }: ByOperator & { limit: number },
): Promise<number> {
  const some = sql`event_id in (select event_id from outgoing_events where failed_at is not null limit ${limit})`;
  return redeliver(db, { failed: sql`${some} and failed_at is not null`, operator });
}

async function redeliver(db: Database, { failed, operator }: { failed: SQL } & ByOperator): Promise<number> {
  const [events] = await db.execute<{ count: number }>(sql`
    with receiver as (
      update event_receivers set gone_at = null
      where gone_at is not null and exists (select from outgoing_events where ${failed})
    ), redelivered as (
      update outgoing_events set failed_at = null, due_at = now(), first_attempt_at = null
      where ${failed} returning order_id, event_id
    ), ${recordAction(sql`redelivered`, { kind: 'redeliver_event', operator, subject: sql`event_id` })}
    select count(*)::int as count from redelivered`);
  return events?.count ?? 0;
}

/** Reads at most ten thousand waiting events, those that are due first. */
export async function readEventBacklog(db: Database): Promise<EventBacklog> {
  const [backlog] = await db.execute<EventBacklog & Record<string, unknown>>(sql`
    select count(*)::int as waiting, coalesce(extract(epoch from now() - min(created_at)), 0)::float8 as "oldestAgeSeconds"
    from (select created_at from outgoing_events where failed_at is null order by due_at limit 10000) as event`);
  return backlog ?? { waiting: 0, oldestAgeSeconds: 0 };
}
