import { heartbeat, log } from '@temporalio/activity';
import type { OrderFacts } from '@widget-store/db';
import type { Anomaly, CompareInput, Comparison, LedgerMark } from '@widget-store/contract';
import type { LedgerPayment, ListingGateway, PaymentGateway } from '../gateway';
import { type Charge, detectChargeAnomaly, isInFlight } from './detectCharge';
import { hasUnshownChanges } from './detectRefund';
import type { ReconcileDeps } from './deps';
import { inBatches } from './inBatches';
import { lookBack, overlapMs } from './lookBack';
import { summarize } from './summarize';

/**
 * How many of the newest orders a comparison reads. Of those that have changed since the last comparison, it selects
 * the captured payments, or all payments if the gateway cannot list payments. It then asks the gateway for each
 * selected payment that the gateway has not listed.
 */
const newestOrders = 10_000;
const batchSize = 10;
/**
 * The maximum number of payments that a comparison reads one by one. If there are more, it selects at random from the
 * payments of changed orders.
 */
const maxAsked = 500;
/**
 * The maximum number of payments that a comparison selects because they have a pending refund or an open dispute.
 * `maxAsked` includes these payments.
 */
const maxUnsettled = 100;

/**
 * Compares four sets of payments with their orders:
 * - payments that changed at the gateway since the last comparison,
 * - payments of orders that changed since the last comparison,
 * - payments with pending refunds or open disputes,
 * - payments that had an anomaly in the last comparison.
 *
 * After a restore of Postgres, compares everything that changed since the last comparison recorded in the backup. Also
 * records refunds and disputes that the orders do not show.
 */
export async function compareLedger(
  { gateway, store, monitor }: Pick<ReconcileDeps, 'gateway' | 'store' | 'monitor'>,
  { graceMs, mark }: CompareInput<LedgerMark>,
): Promise<Comparison<LedgerMark>> {
  const comparedAt = await store.readClock();
  const nowMs = Date.parse(comparedAt);
  const recordedAt = await store.readComparedAt('ledger');
  const { fromMs, restored } = lookBack(mark, recordedAt, nowMs);
  if (restored) log.warn('Postgres was restored; comparing what changed since', { since: isoTime(fromMs) });
  const since = isoTime(fromMs - overlapMs);
  const all: Anomaly[] = [];
  const compared = new Set<string>();
  const compare = async (payments: Payment[]): Promise<void> => {
    for (const charge of await withOrders(store, payments)) {
      // Some gateways list a payment twice: with its charge and with its refund.
      if (compared.has(charge.paymentId)) continue;
      compared.add(charge.paymentId);
      if (isInFlight(charge, { graceMs, nowMs })) continue;
      const { order, payment } = charge;
      if (order !== null && payment !== null && hasUnshownChanges(order, payment))
        monitor.countChanges(await store.recordLedger({ orderId: order.orderId, payment }));
      const anomaly = detectChargeAnomaly(charge);
      if (anomaly !== undefined) all.push(anomaly);
    }
  };

  if (canList(gateway)) {
    for await (const payments of pagesOf(gateway, since)) {
      await compare(payments.map((payment) => ({ paymentId: payment.paymentId, payment })));
    }
  }
  const unsettled = await store.listUnsettledPayments({ limit: maxUnsettled });
  const changed = await store.listRecentPayments({ since, newest: newestOrders, captured: canList(gateway) });
  const known = new Set([...unsettled, ...(mark?.paymentIds ?? []), ...changed]);
  const unlisted = [...known].filter((paymentId) => !compared.has(paymentId));
  if (!canList(gateway) && unlisted.length > maxAsked)
    log.warn('comparing a random selection of the changed payments', { selected: maxAsked, of: unlisted.length });
  await compare(await readPayments(gateway, unlisted.slice(0, maxAsked)));

  // Records the time of the previous comparison, whose result Temporal already has. If this activity recorded its own
  // time and then failed, Postgres would have the time of a comparison without a result. If a backup with that time
  // were restored, the next comparison would begin too late. After a restore, this activity does not change the record,
  // so that a retry detects the restore too.
  const continues = mark !== null && !restored;
  if (continues) await store.recordComparedAt({ name: 'ledger', comparedAt: mark.comparedAt });
  const { anomalies, found } = summarize(all);
  return {
    anomalies,
    found,
    mark: {
      // If the summary leaves out anomalies, the next comparison covers the same period again to find them.
      comparedAt: anomalies.length === all.length ? comparedAt : isoTime(fromMs),
      paymentIds: anomalies.flatMap(({ paymentId }) => paymentId ?? []),
      recordedAt: continues ? mark.comparedAt : recordedAt,
    },
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

function canList(gateway: PaymentGateway): gateway is ListingGateway {
  return gateway.listPayments !== undefined;
}

async function* pagesOf(gateway: ListingGateway, updatedSince: string): AsyncGenerator<LedgerPayment[]> {
  let cursor: string | null = null;
  do {
    heartbeat();
    const page = await gateway.listPayments({ updatedSince, cursor });
    heartbeat();
    yield page.payments;
    cursor = page.nextCursor;
  } while (cursor !== null);
}

type Payment = Pick<Charge, 'paymentId' | 'payment'>;

async function withOrders(store: ReconcileDeps['store'], payments: Payment[]): Promise<Charge[]> {
  if (payments.length === 0) return [];
  const orders = await store.readOrderFacts({ paymentIds: payments.map(({ paymentId }) => paymentId) });
  const byPayment = new Map<string | null, OrderFacts>(orders.map((order) => [order.paymentId, order]));
  return payments.map((payment) => ({ ...payment, order: byPayment.get(payment.paymentId) ?? null }));
}

function readPayments(gateway: PaymentGateway, paymentIds: string[]): Promise<Payment[]> {
  return inBatches(paymentIds, batchSize, async (paymentId) => ({
    paymentId,
    payment: await gateway.getPayment(paymentId),
  }));
}
