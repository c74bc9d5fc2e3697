import type { Random } from '../support/random';
import type { Call, Client } from '../support/clients/client';

/** How operators ship a paid manual order. Only one parcel can be accepted. */
export interface PlannedShipment {
  /** How many concurrent requests ship the first parcel. */
  copies: number;
  /** Whether another operator ships another parcel at the same time. */
  hasRival: boolean;
  /** Whether an operator ships a third parcel later. */
  isRepeated: boolean;
}

export function planShipment(random: Random): PlannedShipment {
  return {
    copies: random.between(1, 3),
    hasRival: random.between(1, 3) === 1,
    isRepeated: random.between(1, 3) === 1,
  };
}

interface ShipOptions {
  orderId: string;
  plan: PlannedShipment;
  /** The pause before the third parcel, in milliseconds. */
  thinkMs: number;
  client: Client;
  adminToken: string;
  /** Requests that are sent at the same time as the shipments. */
  others: Call[];
}

/**
 * Ships an order.
 *
 * @returns false if the order can no longer be shipped, because it is cancelled or its whole payment is refunded
 */
export async function shipOrder(options: ShipOptions): Promise<boolean> {
  const { orderId, plan, thinkMs, client, adminToken, others } = options;
  const call = (carrier: string): Call => ({
    f: 'ship',
    request: { orderId, carrier },
    method: 'POST',
    path: `/order/${orderId}/ship`,
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${adminToken}` },
    body: JSON.stringify({ carrier }),
  });
  const carriers = [...Array.from({ length: plan.copies }, () => 'first'), ...(plan.hasRival ? ['rival'] : [])];
  const [result] = await Promise.all([...carriers.map(call), ...others].map((sent) => client.persist(sent)));
  if (plan.isRepeated && (await client.pause(thinkMs))) await client.persist(call('third'));
  return result?.response.code !== 'order_not_shippable';
}
