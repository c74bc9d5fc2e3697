import { type Context, Hono } from 'hono';
import { readDisputeForm, readNextRefundForm, readRefundForm } from './dashboardForms';
import { dashboardPage, dashboardPath } from './dashboardPage';
import { htmlAnswer } from './htmlAnswer';
import type { Ledger } from './ledger';
import { unknownPaymentPage } from './page';
import { disputeActions, refundActions } from './pathActions';
import type { Payment } from './payment';
import { Problem } from './problem';

/** The dashboard of each payment. Like the payment page, it is open to anybody who knows the payment id. */
export function dashboardRoutes(ledger: Ledger) {
  /** Changes the payment, and shows the dashboard with the result or with the reason of a refusal. */
  const change = async (c: Context, act: (payment: Payment) => Promise<unknown>) => {
    const payment = await ledger.find(c.req.param('paymentId') ?? '');
    if (!payment) return htmlAnswer(c, unknownPaymentPage(), { status: 404 });
    try {
      await act(payment);
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      return htmlAnswer(c, dashboardPage(payment, error.message), { status: 422 });
    }
    c.header('Cache-Control', 'no-store');
    return c.redirect(dashboardPath(payment.paymentId), 303);
  };
  return new Hono()
    .get('/dashboard/:paymentId', async (c) => {
      const payment = await ledger.find(c.req.param('paymentId'));
      if (!payment) return htmlAnswer(c, unknownPaymentPage(), { status: 404 });
      return htmlAnswer(c, dashboardPage(payment, null));
    })
    .post('/dashboard/:paymentId/refunds', (c) =>
      change(c, async (payment) => ledger.refundInDashboard(await readRefundForm(c.req, payment))),
    )
    .post('/dashboard/:paymentId/next_refund', (c) =>
      change(c, async ({ paymentId }) => ledger.setNextRefund({ paymentId, ...(await readNextRefundForm(c.req)) })),
    )
    .post(`/dashboard/:paymentId/refunds/:refundId/${refundActions.parameter}`, (c) => {
      const { refundId, action } = c.req.param();
      return change(c, ({ paymentId }) =>
        ledger.endRefund({ paymentId, refundId, status: refundActions.resultOf(action) }),
      );
    })
    .post('/dashboard/:paymentId/disputes', (c) =>
      change(c, async (payment) => ledger.openDispute(await readDisputeForm(c.req, payment))),
    )
    .post(`/dashboard/:paymentId/disputes/:disputeId/${disputeActions.parameter}`, (c) => {
      const { disputeId, action } = c.req.param();
      return change(c, ({ paymentId }) =>
        ledger.closeDispute({ paymentId, disputeId, status: disputeActions.resultOf(action) }),
      );
    });
}
