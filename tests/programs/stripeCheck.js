/**
 * The program of `make stripe-check`. It checks what stripe-mock cannot show with its fixed answers. It accepts only a
 * test key, so no real money moves. Each step prints what it has found. If a step finds something that the store cannot
 * use, the program ends with status 1.
 */
const assert = require('node:assert/strict');
const { randomBytes } = require('node:crypto');
const { setTimeout: delay } = require('node:timers/promises');
const Stripe = require('stripe');
const { openStripeGateway } = require('@widget-store/activities/stripe');

const { STRIPE_SECRET_KEY: secretKey = '', STRIPE_API_URL: url } = process.env;
const deadlineMs = 10_000;
const amountMinor = 1234;

const newPayment = () => ({
  paymentId: `pay_${randomBytes(16).toString('hex')}`,
  amountMinor,
  currency: 'USD',
  items: [{ name: 'Widget', quantity: 2, unitPriceMinor: amountMinor / 2 }],
  returnUrl: 'https://shop.example/shop/order/ord_0?returned',
  expiresAt: new Date(Date.now() + 15 * 60_000).toISOString(),
  shippingCountries: ['DE', 'US'],
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
  say(`Stripe opens a session with the store's parameters: ${paymentUrl}`);
  assert.deepEqual(await gateway.createPayment(payment), { paymentUrl });
  say('The same idempotency key returns the same page.');
  await assert.rejects(gateway.createPayment({ ...payment, amountMinor: 1 }), { code: 'GatewayRefused' });
  say('Stripe refuses the same key with another amount.');
  assert.equal((await gateway.getPayment(payment.paymentId)).status, 'open');
  assert.equal((await gateway.closePayment(payment.paymentId)).status, 'failed');
  assert.equal((await gateway.closePayment(payment.paymentId)).status, 'failed');
  say('Stripe ends an open session, and does not change an ended one.');

  const { paymentId } = newPayment();
  await pay(stripe, paymentId, 'pm_card_visa');
  const listed = await findInLedger(gateway, paymentId, since);
  assert.equal(listed.capturedMinor, amountMinor);
  say('A charge has the metadata of its payment, and the ledger lists it.');
  const refundId = paymentId.replace('pay_', 'ref_');
  const again = { paymentId, refundId, amountMinor, idempotencyKey: `refund/${refundId}` };
  const { gatewayRefundId } = await gateway.refund(again);
  assert.equal((await gateway.refund(again)).gatewayRefundId, gatewayRefundId);
  const { capturedMinor, refundedMinor, refunds } = await gateway.getPayment(paymentId);
  assert.deepEqual([capturedMinor, refundedMinor], [amountMinor, amountMinor]);
  assert.deepEqual(
    refunds.map((refund) => [refund.gatewayRefundId, refund.refundId, refund.status]),
    [[gatewayRefundId, refundId, 'succeeded']],
  );
  say('A refund is made once under its key, and the payment shows it.');
  await assert.rejects(gateway.refund({ ...again, idempotencyKey: `refund/${refundId}/other` }), {
    code: 'GatewayRefused',
  });
  say('Stripe never refunds more than it has captured, even with another key.');

  const disputed = newPayment().paymentId;
  await pay(stripe, disputed, 'pm_card_createDispute');
  const [dispute] = await findDisputes(gateway, disputed, since);
  assert.deepEqual([dispute.status, dispute.amountMinor], ['open', amountMinor]);
  say('A disputed payment shows its dispute, and the ledger lists it.');
}

/** Creates the charge that a payment on Stripe's hosted page would create. Only a person can pay on that page. */
function pay(stripe, paymentId, paymentMethod) {
  return stripe.paymentIntents.create({
    amount: amountMinor,
    currency: 'usd',
    confirm: true,
    payment_method: paymentMethod,
    return_url: 'https://shop.example/',
    metadata: { payment_id: paymentId },
  });
}

/** Waits for the disputes of a test payment, because Stripe opens them a moment after the payment. */
async function findDisputes(gateway, paymentId, since) {
  for (let seconds = 0; seconds < 30; seconds += 1) {
    const { disputes } = await findInLedger(gateway, paymentId, since);
    if (disputes.length > 0) return disputes;
    await delay(1000);
  }
  return assert.fail('Stripe has opened no dispute within 30 seconds');
}

async function findInLedger(gateway, paymentId, updatedSince) {
  for (let cursor = null; ;) {
    const page = await gateway.listPayments({ updatedSince, cursor });
    const found = page.payments.find((listed) => listed.paymentId === paymentId);
    if (found !== undefined || page.nextCursor === null)
      return found ?? assert.fail('the list of payments does not contain it');
    cursor = page.nextCursor;
  }
}

function say(text) {
  process.stdout.write(`${text}\n`);
}

if (secretKey === '') say('STRIPE_SECRET_KEY is not set, so nothing was checked.');
else if (!/^[sr]k_test_/.test(secretKey)) {
  process.stderr.write('STRIPE_SECRET_KEY is not a test key, so nothing was checked.\n');
  process.exitCode = 1;
} else {
  check().then(
    () => say('Stripe does everything that the store needs. docs/stripe.md lists the checks to make by hand.'),
    (error) => {
      process.stderr.write(`${error.message}\n${error.cause?.message ?? ''}\n`);
      process.exitCode = 1;
    },
  );
}
