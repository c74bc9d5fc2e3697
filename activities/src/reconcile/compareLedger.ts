import { heartbeat, log } from '@temporalio/activity';
import type { OrderFacts } from '@widget-store/db';
import type { Anomaly, CompareInput, Comparison, LedgerMark } from '@widget-store/contract';
import type { LedgerPayment, PaymentGateway } from '../gateway';
import { type Charge, detectChargeAnomaly } from './detectCharge';
import type { ReconcileDeps } from './deps';
import { inBatches } from './inBatches';
import { lookBack, overlapMs } from './lookBack';
import { summarize } from './summarize';

/** The newest orders: the gateway must know those of them that are paid. */
const newestOrders = 10_000;
const batchSize = 10;
/** Payments that one comparison reads one by one. */
const maxAsked = 500;

/**
 * Compares three sets of payments with their orders: those that changed at the gateway since the last comparison, those that had
 * an anomaly then, and those of orders that were paid since. Nothing else can have changed. After a restore of Postgres it
 * compares everything since the restored moment.
 */
export async function compareLedger(
  { gateway, store }: Pick<ReconcileDeps, 'gateway' | 'store'>,
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
      // A gateway may list a payment with its charge and again with its refund.
      if (compared.has(charge.paymentId)) continue;
      compared.add(charge.paymentId);
      const anomaly = detectChargeAnomaly(charge, { graceMs, nowMs });
      if (anomaly !== undefined) all.push(anomaly);
    }
  };

  for await (const payments of pagesOf(gateway, since)) {
    await compare(payments.map((payment) => ({ paymentId: payment.paymentId, payment })));
  }
  const paid = await store.listNewlyPaid({ since, newest: newestOrders });
  const known = new Set([...(mark?.paymentIds ?? []), ...paid.flatMap(({ paymentId }) => paymentId ?? [])]);
  const unlisted = [...known].filter((paymentId) => !compared.has(paymentId)).slice(0, maxAsked);
  await compare(await readPayments(gateway, unlisted));

  // Records only a mark that Temporal has kept. After a restore it keeps the old record until everything is compared again.
  const continues = mark !== null && !restored;
  if (continues) await store.recordComparedAt({ name: 'ledger', comparedAt: mark.comparedAt });
  const { anomalies, found } = summarize(all);
  return {
    anomalies,
    found,
    mark: {
      // The next comparison must find again what did not fit into the summary.
      comparedAt: anomalies.length === all.length ? comparedAt : isoTime(fromMs),
      paymentIds: anomalies.flatMap(({ paymentId }) => paymentId ?? []),
      recordedAt: continues ? mark.comparedAt : recordedAt,
    },
  };
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

async function* pagesOf(gateway: PaymentGateway, updatedSince: string): AsyncGenerator<LedgerPayment[]> {
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
