import type { PaymentPageBody } from '@widget-store/api';
import { eventually } from '../../support/eventually';
import { newKey, type Shopper } from '../../support/http/shopper';

export interface Purchase {
  key: string;
  paymentId: string;
  orderId: string;
}

export interface Till {
  shopper: Pick<Shopper, 'send' | 'order'>;
  gatewayUrl: string;
}

/**
 * A shopper repeats a request for at most this time. On a busy machine, a killed container needs up to a minute to be
 * ready again.
 */
const patienceMs = 240_000;

/** Buys product 1 and opens its payment page. Repeats each request until it succeeds. */
export async function buy({ shopper }: Till): Promise<Purchase> {
  const key = newKey();
  const succeed = (path: string) =>
    eventually(
      () => shopper.send('POST', path),
      ({ status }) => status === 200,
      { deadlineMs: patienceMs },
    );
  const { text: paymentId } = await succeed(`/checkout/${key}`);
  const { text: page } = await succeed(`/payment/${paymentId}/page`);
  return { key, paymentId, orderId: (JSON.parse(page) as PaymentPageBody).order_id };
}

/** Presses "Pay" on the gateway's page. Resolves when the store has received the gateway's webhook. */
export async function pay(till: Till, { paymentId, orderId }: Purchase): Promise<void> {
  await payAtGateway(till, paymentId);
  await eventually(
    () => till.shopper.order(orderId),
    ({ payment_status: status }) => status === 'paid',
    { deadlineMs: patienceMs },
  );
}

async function payAtGateway({ gatewayUrl }: Till, paymentId: string): Promise<void> {
  await eventually(
    () => fetch(`${gatewayUrl}/pay/${paymentId}/pay`, { method: 'POST', redirect: 'manual' }),
    ({ status }) => status === 303,
    { deadlineMs: patienceMs },
  );
}

/** Shoppers who buy and pay, one order after the other, until they are told to stop. */
export interface Shoppers {
  /** The orders that are paid. */
  paid: Purchase[];
  /** Resolves when another order that began after this call is paid. */
  untilServed(): Promise<void>;
  /** Starts no more orders. Resolves when each shopper has paid the current order. @throws Error of the first shopper that failed */
  stop(): Promise<void>;
}

const shopperCount = 3;

export function sendShoppers(till: Till): Shoppers {
  const paid: Purchase[] = [];
  const over = new AbortController();
  let failure: unknown;
  async function keepBuying(): Promise<void> {
    while (!over.signal.aborted) {
      const purchase = await buy(till);
      await pay(till, purchase);
      paid.push(purchase);
    }
  }
  const shopping = Promise.all(Array.from({ length: shopperCount }, keepBuying)).catch((error: unknown) => {
    failure = error;
  });
  return {
    paid,
    untilServed: async () => {
      // One order of each shopper may have begun before this call.
      const enough = paid.length + shopperCount + 1;
      await eventually(
        () => paid.length,
        (now) => now >= enough || failure !== undefined,
        { deadlineMs: patienceMs },
      );
      if (failure !== undefined) throw failure;
    },
    stop: async () => {
      over.abort();
      await shopping;
      if (failure !== undefined) throw failure;
    },
  };
}
