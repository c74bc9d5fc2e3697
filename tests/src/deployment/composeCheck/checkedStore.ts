import postgres from 'postgres';
import { eventually } from '../../support/eventually';
import { testGateway, type TestGateway } from '../../support/gateway/gateway';
import { loadContract } from '../../support/http/openapi';
import { type Answer, bearer, json, newKey, type Shopper, shopperOf } from '../../support/http/shopper';
import { untilNoViolations } from '../../support/store/invariants';
import type { ComposeProject } from './composeProject';
import type { Purchase, Till } from './shoppers';

/** The running store of a project, as its clients and its operator see it. */
export interface CheckedStore extends Till {
  gateway: TestGateway;
  receiveStock(change: number): Promise<void>;
  refund(purchase: Purchase): Promise<void>;
  /** Returns the payment ids of those purchases that the database does not contain. */
  missing(purchases: Purchase[]): Promise<string[]>;
  /**
   * Waits until every purchase is dispatched, and stock, keys and money add up.
   *
   * @param lost the payments whose orders a restored backup does not contain
   * @returns a sentence with the number of orders
   */
  expectNothingLost(purchases: Purchase[], lost?: string[]): Promise<string>;
  close(): Promise<void>;
}

/** A dispatch takes ten seconds, and much longer on a busy machine. The reconciler compares once a minute. */
const settleDeadlineMs = 300_000;

export async function checkedStore(project: ComposeProject): Promise<CheckedStore> {
  await loadContract(project.apiUrl);
  const shopper: Shopper = shopperOf(project.apiUrl);
  const gateway = testGateway({ url: project.gatewayUrl, apiKey: project.variables['GATEWAY_API_KEY'] ?? '' });
  const sql = postgres(project.databaseUrl(), { max: 2, onnotice: () => {} });
  const asOperator = (path: string, body: object): Promise<Answer> => {
    const headers = { ...json, ...bearer(project.variables['ADMIN_TOKEN'] ?? ''), 'Idempotency-Key': newKey() };
    return shopper.send('POST', path, { headers, body: JSON.stringify(body) });
  };
  const settled = { deadlineMs: settleDeadlineMs };
  return {
    shopper,
    gatewayUrl: project.gatewayUrl,
    gateway,
    receiveStock: async (change) => {
      const answer = await asOperator('/products/1/stock', { change, reason: 'received' });
      expect(answer).toMatchObject({ status: 200 });
    },
    refund: async ({ orderId }) => {
      expect(await asOperator(`/order/${orderId}/refunds`, {})).toMatchObject({ status: 202 });
      await eventually(
        () => shopper.order(orderId),
        ({ payment_status: status }) => status === 'refunded',
        settled,
      );
    },
    missing: async (purchases) => {
      const rows = await sql<{ id: string }[]>`select payment_id as id from orders`;
      const known = new Set(rows.map(({ id }) => id));
      return purchases.map(({ paymentId }) => paymentId).filter((id) => !known.has(id));
    },
    expectNothingLost: async (purchases, lost = []) => {
      const orderIds = purchases.map(({ orderId }) => orderId);
      await eventually(
        () => sql`select order_id from orders where order_id in ${sql(orderIds)} and status = 'DISPATCHED'`,
        (rows) => rows.length === orderIds.length,
        settled,
      );
      expect(await untilNoViolations({ sql, gateway, answers: purchases, lost }, settled)).toEqual([]);
      return `${purchases.length} orders are dispatched`;
    },
    close: () => sql.end(),
  };
}
