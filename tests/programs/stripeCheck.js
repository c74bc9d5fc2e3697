/**
 * Tries with a test key what stripe-mock cannot show, because its answers are canned: `make stripe-check`. Each step says what
 * it has found out; the first that is not as the store needs it ends the program with status 1. Money moves in no test mode.
 */
const assert = require('node:assert/strict');
const { randomBytes } = require('node:crypto');
const Stripe = require('stripe');
const { openStripeGateway } = require('@widget-store/activities');

const { STRIPE_SECRET_KEY: secretKey = '', STRIPE_API_URL: url } = process.env;
const deadlineMs = 10_000;
const amountMinor = 1234;

const newPayment = () => ({
  paymentId: `pay_${randomBytes(16).toString('hex')}`,
  amountMinor,
  currency: 'USD',
  returnUrl: 'https://shop.example/shop/order/ord_0?returned',
  expiresAt: new Date(Date.now() + 15 * 60_000).toISOString(),
});

async function check() {
  const noted = new Map();
  const references = {
    readPaymentReference: async (paymentId) => noted.get(paymentId) ?? null,
    recordPaymentReferences: async (found) => {
      for (const { paymentId, reference } of found) if (!noted.has(paymentId)) noted.set(paymentId, reference);
    },
  };
  const gateway = await openStripeGateway({ secretKey, url, deadlineMs, references });
  const address = url && new URL(url);
  const stripe = new Stripe(secretKey, {
    ...(address && { host: address.hostname, port: address.port, protocol: address.protocol.replace(':', '') }),
  });
  const since = new Date(Date.now() - 60_000).toISOString();

  const payment = newPayment();
  const { paymentUrl } = await gateway.createPayment(payment);
  say(`a session is opened with the store's parameters: ${paymentUrl}`);
  assert.deepEqual(await gateway.createPayment(payment), { paymentUrl });
  say('its idempotency key gives the same page again');
  await assert.rejects(gateway.createPayment({ ...payment, amountMinor: 1 }), { code: 'GatewayRefused' });
  say('and is refused for another amount');
  assert.equal((await gateway.getPayment(payment.paymentId)).status, 'open');
  assert.equal((await gateway.closePayment(payment.paymentId)).status, 'failed');
  assert.equal((await gateway.closePayment(payment.paymentId)).status, 'failed');
  say('an open session is ended, and one that is over is left as it is');

  // A hosted page is paid by hand only; this is what Stripe makes of it.
  const { paymentId } = newPayment();
  await stripe.paymentIntents.create({
    amount: amountMinor,
    currency: 'usd',
    confirm: true,
    payment_method: 'pm_card_visa',
    return_url: 'https://shop.example/',
    metadata: { payment_id: paymentId },
  });
  const listed = await findInLedger(gateway, paymentId, since);
  assert.equal(listed.capturedMinor, amountMinor);
  say('a charge has the metadata of its payment, and the ledger lists it');
  const again = { paymentId, amountMinor, idempotencyKey: `refund/${paymentId}` };
  const { refundId } = await gateway.refund(again);
  assert.equal((await gateway.refund(again)).refundId, refundId);
  const { capturedMinor, refundedMinor, lastRefundId } = await gateway.getPayment(paymentId);
  assert.deepEqual([capturedMinor, refundedMinor, lastRefundId], [amountMinor, amountMinor, refundId]);
  say('a refund is made once under its key, and shown');
  await assert.rejects(gateway.refund({ ...again, idempotencyKey: `refund/${paymentId}/other` }), {
    code: 'GatewayRefused',
  });
  say('and Stripe gives no more back than it has taken, whatever the key');
}

async function findInLedger(gateway, paymentId, updatedSince) {
  for (let cursor = null; ;) {
    const page = await gateway.listPayments({ updatedSince, cursor });
    const found = page.payments.find((listed) => listed.paymentId === paymentId);
    if (found !== undefined || page.nextCursor === null) return found ?? assert.fail('the ledger does not have it');
    cursor = page.nextCursor;
  }
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

if (secretKey === '') say('STRIPE_SECRET_KEY is not set, so nothing is tried with Stripe itself.');
else if (!/^[sr]k_test_/.test(secretKey)) {
  process.stderr.write('STRIPE_SECRET_KEY is not the key of a test; nothing was done.\n');
  process.exitCode = 1;
} else {
  check().then(
    () => say('Everything is as the store needs it. What is left to try by hand stands in docs/stripe.md.'),
    (error) => {
      process.stderr.write(`${error.message}\n${error.cause?.message ?? ''}\n`);
      process.exitCode = 1;
    },
  );
}
