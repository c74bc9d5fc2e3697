import { heartbeat } from '@temporalio/activity';
import { isCountry, type OrderRef, type OrderState } from '@widget-store/contract';
import type { Buyer, Store } from '@widget-store/db';
import { GatewayError, type PaymentGateway } from './gateway';

export interface RecordBuyerDeps {
  store: Pick<Store, 'recordBuyer'>;
  gateway: Pick<PaymentGateway, 'getBuyer'>;
}

/**
 * Copies the buyer of a paid order from the gateway to Postgres. Returns nothing, because the buyer must not get into a
 * history. If the gateway does not answer, the call throws, and Temporal retries the activity. The order waits for the
 * answer, because a parcel without an address cannot be sent. If the gateway does not know the payment, the order
 * continues without a buyer.
 */
export async function recordBuyer(
  { store, gateway }: RecordBuyerDeps,
  { orderId, paymentId }: OrderRef & Pick<OrderState, 'paymentId'>,
): Promise<void> {
  if (paymentId === null) return;
  heartbeat();
  const buyer = await gateway.getBuyer(paymentId);
  heartbeat();
  if (buyer !== null) await store.recordBuyer({ orderId, ...storable(buyer) });
}

const maxLength = 500;

/**
 * Cleans the texts, because Postgres cannot store the character NUL, and checks the country, which has a constraint in
 * Postgres. If the constraint failed, Postgres would write the whole row, including the address, into its log.
 *
 * @throws GatewayError if the country is not valid
 */
function storable(buyer: Buyer): Buyer {
  if (!isCountry(buyer.country)) {
    throw new GatewayError('GatewayMisconfigured', 'The payment gateway names a country that is not in ISO 3166-1.');
  }
  return {
    name: clean(buyer.name),
    email: clean(buyer.email),
    phone: cleanOrNull(buyer.phone),
    line1: clean(buyer.line1),
    line2: cleanOrNull(buyer.line2),
    city: cleanOrNull(buyer.city),
    postalCode: cleanOrNull(buyer.postalCode),
    region: cleanOrNull(buyer.region),
    country: buyer.country,
  };
}

function clean(text: string): string {
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, maxLength);
}

/** An empty text becomes null. */
function cleanOrNull(text: string | null): string | null {
  return text === null ? null : clean(text) || null;
}
