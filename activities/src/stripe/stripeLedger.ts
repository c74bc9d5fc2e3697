import { isPaymentId } from '@widget-store/contract';
import type Stripe from 'stripe';
import type { LedgerPayment, ListingGateway, PaymentReferences } from '../gateway';
import { askStripe } from './stripeErrors';
import { paymentOfCharge } from './stripePayments';

/** Pages of disputes are short, because each disputed payment needs another call. */
const pageSizes = { charges: 100, refunds: 100, disputes: 25 };
type ListName = keyof typeof pageSizes;
const nextList = { charges: 'refunds', refunds: 'disputes', disputes: null } as const satisfies Record<
  ListName,
  ListName | null
>;

export interface LedgerOptions {
  /**
   * The store's records of Stripe's ids. They are needed because Stripe cannot find a session by the store's payment
   * id.
   */
  references: PaymentReferences;
  /** The deadline of a call that reads one page of a list, in milliseconds. */
  listDeadlineMs: number;
}

/**
 * Lists payments from three lists of Stripe: the charges, refunds and disputes that were created since `updatedSince`.
 * Each refund and dispute contains its charge. Unpaid sessions are in none of the lists. A refund or dispute that was
 * created earlier is not in the lists either, even if it has ended since then. Charges without a payment id of the
 * store are left out, because they belong to another system that uses the same Stripe account.
 */
export async function listStripePayments(
  stripe: Stripe,
  { references, listDeadlineMs }: LedgerOptions,
  { updatedSince, cursor }: Parameters<ListingGateway['listPayments']>[0],
): ReturnType<ListingGateway['listPayments']> {
  const [name, startingAfter] = cursor?.split(':') ?? [];
  const list = name === 'refunds' || name === 'disputes' ? name : 'charges';
  const params = {
    created: { gte: Math.floor(Date.parse(updatedSince) / 1000) },
    limit: pageSizes[list],
    ...(startingAfter && { starting_after: startingAfter }),
  };
  const { charges, cursorAfter } = await askStripe(() => readPage(stripe, list, params, { timeout: listDeadlineMs }));
  const next = nextList[list];
  return {
    payments: await readOwnPayments(stripe, charges, references),
    nextCursor: cursorAfter === undefined ? next && `${next}:` : `${list}:${cursorAfter}`,
  };
}

async function readPage(
  stripe: Stripe,
  list: ListName,
  params: Stripe.ChargeListParams,
  options: Stripe.RequestOptions,
): Promise<{ charges: Stripe.Charge[]; cursorAfter: string | undefined }> {
  switch (list) {
    case 'charges': {
      const page = await stripe.charges.list({ ...params, expand: ['data.refunds'] }, options);
      return { charges: page.data, cursorAfter: lastOf(page) };
    }
    case 'refunds': {
      const page = await stripe.refunds.list({ ...params, expand: ['data.charge.refunds'] }, options);
      return { charges: page.data.flatMap(expandedCharge), cursorAfter: lastOf(page) };
    }
    case 'disputes': {
      const page = await stripe.disputes.list({ ...params, expand: ['data.charge.refunds'] }, options);
      return { charges: page.data.flatMap(expandedCharge), cursorAfter: lastOf(page) };
    }
    default:
      return list satisfies never;
  }
}

/** The id after which the next page begins; undefined on the last page. */
function lastOf({ data, has_more: hasMore }: Stripe.ApiList<{ id: string }>): string | undefined {
  return hasMore ? data.at(-1)?.id : undefined;
}

function expandedCharge({ charge }: { charge: string | Stripe.Charge | null }): Stripe.Charge[] {
  return typeof charge === 'object' && charge !== null ? [charge] : [];
}

/**
 * Converts the store's charges to payments. Also records Stripe's ids, because Postgres can lack some of them after a
 * restore.
 */
async function readOwnPayments(
  stripe: Stripe,
  charges: Stripe.Charge[],
  references: PaymentReferences,
): Promise<LedgerPayment[]> {
  const succeeded = charges.filter(({ status }) => status === 'succeeded');
  const own = new Map(
    succeeded.flatMap((charge) => {
      const paymentId = charge.metadata['payment_id'] ?? '';
      return isPaymentId(paymentId) ? [[paymentId, charge] as const] : [];
    }),
  );
  await references.recordPaymentReferences(
    [...own].flatMap(([paymentId, { payment_intent: intent }]) =>
      typeof intent === 'string' ? [{ paymentId, reference: intent, intent }] : [],
    ),
  );
  return Promise.all([...own].map(([paymentId, charge]) => paymentOfCharge(stripe, paymentId, charge)));
}
