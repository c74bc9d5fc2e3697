import { randomBytes } from 'node:crypto';
import { freePort, inheritedEnvironment, stripeMockProcess, supervise } from '@widget-store/dev';
import Stripe from 'stripe';
import { eventually } from '../../eventually';
import { startFaultyProxy } from '../../network/faultyProxy';
import type { GatewayUnderTest } from '../gatewayUnderTest';
import { recordCharge, recordDispute, recordRefund } from './account';
import { type Charge, disputeBody, madeRefunds, refundBody, refundedOf, type Session, sessionBody } from './objects';
import { startStripeStandIn, type StripeStandIn } from './standIn';

/** A stand-in for Stripe that a tested store can use without a real account. See `startStripeStandIn`. */
export interface StripeUnderTest extends GatewayUnderTest {
  standIn: StripeStandIn;
  webhookSecret: string;
  /** Sends a signed event about a session to the store. Resolves with the store's response. */
  tell(type: string, session: Session): Promise<Response>;
  sessionsOf(paymentId: string): Session[];
}

const mockReadyMs = 120_000;

export async function stripeUnderTest(): Promise<StripeUnderTest> {
  const port = await freePort();
  const mock = supervise(await stripeMockProcess({ port, environment: inheritedEnvironment() }));
  await mock.whenReady({ deadlineMs: mockReadyMs });
  const standIn = await startStripeStandIn(`http://127.0.0.1:${port}`);
  const proxy = await startFaultyProxy(() => standIn.url);
  const webhookSecret = `whsec_${randomBytes(16).toString('hex')}`;
  let apiUrl = '';
  let behaviour: { duplicates?: number; lose?: true } = {};
  const told = new Map<string, string>();

  const sessionsOf = (paymentId: string): Session[] =>
    [...standIn.account.sessions.values()].filter((session) => session.paymentId === paymentId);
  const sessionOf = (paymentId: string): Session => {
    const session = sessionsOf(paymentId).at(-1);
    if (session === undefined) throw new Error(`no session was opened for ${paymentId}`);
    return session;
  };

  function post(body: string): Promise<Response> {
    const signature = Stripe.webhooks.generateTestHeaderString({ payload: body, secret: webhookSecret });
    const headers = { 'Content-Type': 'application/json', 'Stripe-Signature': signature };
    return fetch(`${apiUrl}/webhooks/stripe`, { method: 'POST', headers, body });
  }
  async function tell(type: string, session: Session): Promise<Response> {
    const body = eventAbout(type, session);
    told.set(session.paymentId, body);
    return post(body);
  }
  /**
   * Sends the event and its duplicates, and repeats each of them while the store answers 503. Sends nothing while
   * `behave` has set `lose`.
   */
  async function deliver(type: string, session: Session, more: object = {}): Promise<void> {
    const { duplicates = 0, lose } = behaviour;
    told.set(session.paymentId, eventAbout(type, session, more));
    if (lose) return;
    const copies = Array.from({ length: 1 + duplicates }, () => told.get(session.paymentId) ?? '');
    await Promise.all(
      copies.map((body) =>
        eventually(
          () => post(body),
          ({ status }) => status !== 503,
        ),
      ),
    );
  }
  const noForm = new URLSearchParams();
  const chargeOf = (paymentId: string): Charge => {
    const charge = sessionOf(paymentId).charges.find(({ status }) => status === 'succeeded');
    if (charge === undefined) throw new Error(`${paymentId} was not paid`);
    return charge;
  };
  const report = (type: string, paymentId: string, object: object) =>
    deliver(type, sessionOf(paymentId), { data: { object } });
  async function settle(session: Session, amount = session.amount): Promise<boolean> {
    if (session.status !== 'open') return false;
    Object.assign(session, { status: 'complete', paymentStatus: 'paid', amount });
    recordCharge(session, 'succeeded', amount);
    await deliver('checkout.session.completed', session);
    return true;
  }

  return {
    environment: {
      api: { PAYMENT_GATEWAY: 'stripe', STRIPE_MODE: 'test', STRIPE_WEBHOOK_SECRET: webhookSecret },
      worker: {
        PAYMENT_GATEWAY: 'stripe',
        STRIPE_MODE: 'test',
        STRIPE_SECRET_KEY: `rk_test_${randomBytes(16).toString('hex')}`,
        STRIPE_API_URL: proxy.url,
      },
    },
    proxy,
    standIn,
    webhookSecret,
    tell,
    sessionsOf,
    serve: async (store) => {
      apiUrl = store.apiUrl;
    },
    pay: (paymentId) => settle(sessionOf(paymentId)),
    decline: async (paymentId) => {
      const session = sessionOf(paymentId);
      recordCharge(session, 'failed');
      Object.assign(session, { status: 'complete' });
      await deliver('checkout.session.async_payment_failed', session);
    },
    payOther: async (paymentId, amountMinor, openPage) => {
      await openPage();
      await settle(sessionOf(paymentId), amountMinor);
    },
    behave: (next) => {
      behaviour = next;
      return Promise.resolve();
    },
    tellAgain: async (paymentId) => void (await post(told.get(paymentId) ?? '')),
    keptMinor: (paymentId) => Promise.resolve(sum(sessionsOf(paymentId).flatMap(({ charges }) => charges.map(keptOf)))),
    refunds: (paymentId) =>
      Promise.resolve(
        sum(sessionsOf(paymentId).flatMap(({ charges }) => charges.map(({ refunds }) => madeRefunds(refunds).length))),
      ),
    refundInDashboard: async (paymentId, amountMinor) => {
      const refund = recordRefund(chargeOf(paymentId), amountMinor);
      await report('refund.created', paymentId, refundBody(refund, noForm, ''));
      return refund.id;
    },
    failRefund: async (paymentId, gatewayRefundId) => {
      const refund = chargeOf(paymentId).refunds.find(({ id }) => id === gatewayRefundId);
      if (refund === undefined) throw new Error('there is no such refund');
      refund.status = 'failed';
      await report('refund.failed', paymentId, refundBody(refund, noForm, ''));
    },
    openDispute: async (paymentId, amountMinor) => {
      const dispute = recordDispute(chargeOf(paymentId), { amount: amountMinor });
      await report('charge.dispute.created', paymentId, disputeBody(dispute, noForm, ''));
      return dispute.id;
    },
    closeDispute: async (paymentId, gatewayDisputeId, status) => {
      const dispute = chargeOf(paymentId).disputes.find(({ id }) => id === gatewayDisputeId);
      if (dispute === undefined) throw new Error('there is no such dispute');
      dispute.status = status;
      await report('charge.dispute.closed', paymentId, disputeBody(dispute, noForm, ''));
    },
    complaints: () => standIn.refused,
    close: async () => {
      await proxy.close();
      await standIn.close();
      await mock.stop();
    },
  };
}

/**
 * Returns the body of an event. The event has an older API version than Stripe's library, because the webhook endpoint
 * of an account can be set to an older version.
 */
export function eventAbout(type: string, session: Session, more: object = {}): string {
  return JSON.stringify({
    id: `evt_${randomBytes(8).toString('hex')}`,
    object: 'event',
    api_version: '2026-08-26.dahlia',
    created: Math.floor(Date.now() / 1000),
    livemode: false,
    type,
    data: { object: sessionBody(session, new URLSearchParams()) },
    ...more,
  });
}

function keptOf(charge: Session['charges'][number]): number {
  return charge.status === 'succeeded' ? charge.amount - refundedOf(charge) : 0;
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
