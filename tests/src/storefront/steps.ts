import type { Browser, Locator, Page } from 'playwright-core';
import { openVisitor, type Visitor } from './browser';
import { stockOf } from '../support/store/database';
import type { TestStore } from '../support/store/store';

/** The steps of a shopper, from the store to the gateway's page and back. */
export interface StorefrontShopper extends Visitor {
  button(name: string | RegExp): Locator;
  text(content: string | RegExp): Promise<void>;
  /** Buys one widget and waits for the gateway's page. */
  buy(): Promise<void>;
  arrivesAtGateway(): Promise<void>;
  /** Leaves the gateway's page with one of its buttons. Resolves with the order id. */
  leaveGateway(by: `Pay $${string}` | 'Decline' | 'Close'): Promise<string>;
  /** Cancels the order and confirms the cancellation. */
  cancel(): Promise<void>;
  /** Returns the unfinished checkout in the browser's storage. */
  storedCheckout(): Promise<string | null>;
}

export async function openShopper(browser: Browser, store: TestStore): Promise<StorefrontShopper> {
  const visitor = await openVisitor(browser, store);
  const { page } = visitor;
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const arrivesAtGateway = () => page.waitForURL(`${store.gatewayUrl}/pay/pay_*`);
  return {
    ...visitor,
    button,
    text: (content) => page.getByText(content).waitFor(),
    buy: async () => {
      await page.goto('/');
      await button('Buy now').click();
      await arrivesAtGateway();
    },
    arrivesAtGateway,
    leaveGateway: async (by) => {
      await button(by).click();
      await page.waitForURL('**/shop/order/ord_*?returned');
      return orderIdOf(page);
    },
    cancel: async () => {
      await button('Cancel the order').click();
      await button('Yes, cancel it').click();
    },
    storedCheckout: () => page.evaluate(() => window.localStorage.getItem('widget-store.checkout')),
  };
}

export function orderIdOf(page: Page): string {
  return new URL(page.url()).pathname.split('/').at(-1) ?? '';
}

/** Returns functions that read and change data directly, without the storefront. */
export function ledgersOf({ sql, gatewayUrl, gatewayApiKey }: TestStore) {
  return {
    orderIds: async () => {
      const rows = await sql<{ order_id: string }[]>`select order_id from orders order by created_at`;
      return rows.map((row) => row.order_id);
    },
    statusOf: async (orderId: string) => {
      const [row] = await sql<{ status: string }[]>`select status from orders where order_id = ${orderId}`;
      return row?.status;
    },
    paymentOf: async (orderId: string) => {
      const [row] = await sql<{ payment_id: string }[]>`select payment_id from orders where order_id = ${orderId}`;
      return row?.payment_id ?? '';
    },
    quantitiesOf: async (orderId: string) => {
      const rows = await sql<{ product_id: number; quantity: number }[]>`
        select product_id, quantity from order_items where order_id = ${orderId}`;
      return Object.fromEntries(rows.map((row) => [row.product_id, row.quantity]));
    },
    available: async () => (await stockOf(sql)).inventory,
    /** Sets how the gateway treats its webhooks, for example `{ lose: true }`. */
    behave: (behaviour: object) => ask('PUT', '/sandbox/behaviour', behaviour),
    sendWebhookAgain: (paymentId: string) => ask('POST', `/sandbox/payments/${paymentId}/webhooks`),
  };

  async function ask(method: string, path: string, body?: object): Promise<void> {
    const headers = { Authorization: `Bearer ${gatewayApiKey}`, 'Content-Type': 'application/json' };
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const answer = await fetch(gatewayUrl + path, init);
    if (!answer.ok) throw new Error(`the gateway answered ${answer.status}`);
  }
}
