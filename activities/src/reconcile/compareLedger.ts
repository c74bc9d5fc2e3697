import { heartbeat, log } from '@temporalio/activity';
import type { OrderFacts } from '@widget-store/db';
import type { CompareInput, Comparison, LedgerMark } from '@widget-store/contract';
import type { PaymentGateway } from '../gateway';
import { type AnomalyList, createAnomalyList } from './anomalyList';
import { inGroups } from './inGroups';
import { type Charge, judgeCharge } from './judgeCharge';
import { lookBack, overlapMs } from './lookBack';
import type { ReconcileDeps } from './reconcileDeps';

/** Of which those that are paid must be known to the gateway. */
const newestOrders = 10_000;
const askedAtOnce = 10;
/** Payments that are asked for one by one. */
const mostAsked = 500;

/**
 * Compares every payment that has changed since the last comparison, those that did not fit then, and those of orders
 * that were paid since, which the gateway must know. What has not changed on either side fits as it did; where Postgres was
 * restored, that is what has not changed since the moment it was restored to.
 */
export async function compareLedger(
  { gateway, store }: Pick<ReconcileDeps, 'gateway' | 'store'>,
  { graceMs, mark }: CompareInput<LedgerMark>,
): Promise<Comparison<LedgerMark>> {
  const comparedAt = await store.readClock();
  const nowMs = Date.parse(comparedAt);
  const notedAt = await store.readComparedAt('ledger');
  const { fromMs, restored } = lookBack(mark, notedAt, nowMs);
  if (restored) log.warn('Postgres was restored; comparing what changed since', { since: isoTime(fromMs) });
  const since = isoTime(fromMs - overlapMs);
  const list = createAnomalyList();
  const seen = new Set<string>();
  const judge = (charges: Charge[]): void => {
    for (const charge of charges) {
      // A gateway may list a payment with its charge and again with its refund.
      if (seen.has(charge.paymentId)) continue;
      seen.add(charge.paymentId);
      list.add(judgeCharge(charge, { graceMs, nowMs }));
    }
  };

  let cursor: string | null = null;
  do {
    heartbeat();
    const page = await gateway.listPayments({ updatedSince: since, cursor });
    heartbeat();
    judge(
      await withOrders(
        store,
        page.payments.map((payment) => ({ paymentId: payment.paymentId, payment })),
      ),
    );
    cursor = page.nextCursor;
  } while (cursor !== null);

  heartbeat();
  const paid = await store.listNewlyPaid({ since, newest: newestOrders });
  const known = new Set([...(mark?.paymentIds ?? []), ...paid.flatMap(({ paymentId }) => paymentId ?? [])]);
  const unseen = [...known].filter((paymentId) => !seen.has(paymentId)).slice(0, mostAsked);
  judge(await withOrders(store, await askFor(gateway, unseen)));
  // Only what Temporal has kept is noted, and nothing over what tells of a restore before all has been compared again.
  const goesOn = mark !== null && !restored;
  if (goesOn) await store.recordComparedAt({ name: 'ledger', comparedAt: mark.comparedAt });
  const { anomalies, found } = list;
  const paymentIds = anomalies.flatMap(({ paymentId }) => paymentId ?? []);
  return {
    anomalies,
    found,
    mark: {
      // What had no room in the list is looked for again.
      comparedAt: isWhole(list) ? comparedAt : isoTime(fromMs),
      paymentIds,
      notedAt: goesOn ? mark.comparedAt : notedAt,
    },
  };
}

function isWhole({ anomalies, found }: AnomalyList): boolean {
  return Object.values(found).reduce((sum, count) => sum + count, 0) === anomalies.length;
}

function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

type Payment = Pick<Charge, 'paymentId' | 'payment'>;

async function withOrders(store: ReconcileDeps['store'], payments: Payment[]): Promise<Charge[]> {
  if (payments.length === 0) return [];
  const orders = await store.readOrderFacts({ paymentIds: payments.map(({ paymentId }) => paymentId) });
  const byPayment = new Map<string | null, OrderFacts>(orders.map((order) => [order.paymentId, order]));
  return payments.map((payment) => ({ ...payment, order: byPayment.get(payment.paymentId) ?? null }));
}

function askFor(gateway: PaymentGateway, paymentIds: string[]): Promise<Payment[]> {
  return inGroups(paymentIds, askedAtOnce, async (paymentId) => {
    heartbeat();
    return { paymentId, payment: await gateway.getPayment(paymentId) };
  });
}
