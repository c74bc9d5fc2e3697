import { heartbeat } from '@temporalio/activity';
import type { OrderFacts } from '@widget-store/db';
import type { CompareInput, Comparison, LedgerMark } from '@widget-store/workflows/contract';
import type { PaymentGateway } from '../gateway';
import { createAnomalyList } from './anomalyList';
import { inGroups } from './inGroups';
import { type Charge, judgeCharge } from './judgeCharge';
import type { ReconcileDeps } from './reconcileDeps';

/** The clocks of gateway and database may be this far apart. */
const overlapMs = 15 * 60_000;
/** How far the first comparison looks back. */
const firstLookMs = 48 * 60 * 60_000;
/** Of which those that are paid must be known to the gateway. */
const newestOrders = 10_000;
const askedAtOnce = 10;
/** Payments that are asked for one by one. */
const mostAsked = 500;

/**
 * Compares every payment that has changed since the last comparison, those that did not fit then, and those of orders
 * that were paid since, which the gateway must know. What has not changed on either side fits as it did.
 */
export async function compareLedger(
  { gateway, store }: Pick<ReconcileDeps, 'gateway' | 'store'>,
  { graceMs, mark }: CompareInput<LedgerMark>,
): Promise<Comparison<LedgerMark>> {
  const comparedAt = await store.readClock();
  const nowMs = Date.parse(comparedAt);
  const since = new Date(mark === null ? nowMs - firstLookMs : Date.parse(mark.comparedAt) - overlapMs).toISOString();
  const { anomalies, found, add } = createAnomalyList();
  const seen = new Set<string>();
  const judge = (charges: Charge[]): void => {
    for (const charge of charges) {
      seen.add(charge.paymentId);
      add(judgeCharge(charge, { graceMs, nowMs }));
    }
  };

  let cursor: string | null = null;
  do {
    heartbeat();
    const page = await gateway.listPayments({ updatedSince: since, cursor });
    judge(
      await withOrders(
        store,
        page.payments.map((payment) => ({ paymentId: payment.paymentId, payment })),
      ),
    );
    cursor = page.nextCursor;
  } while (cursor !== null);

  const paid = await store.listNewlyPaid({ since, newest: newestOrders });
  const known = new Set([...(mark?.paymentIds ?? []), ...paid.flatMap(({ paymentId }) => paymentId ?? [])]);
  const unseen = [...known].filter((paymentId) => !seen.has(paymentId)).slice(0, mostAsked);
  judge(await withOrders(store, await askFor(gateway, unseen)));
  const paymentIds = anomalies.map(({ paymentId }) => paymentId).filter((id) => id !== undefined);
  return { anomalies, found, mark: { comparedAt, paymentIds } };
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
