import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newPaymentId, refundByHand, refundToMake, type TestGateway, testGateway } from '@widget-store/tests';
import { refundPayment } from '../refundPayment';
import { createSandboxGateway } from './sandboxGateway';

const returnUrl = 'http://127.0.0.1:9/';
const expiresAt = new Date(Date.now() + 60_000).toISOString();

describe('the client of the sandbox gateway', () => {
  const gateway: TestGateway = testGateway();
  const open = async (amountMinor = 9999) => {
    const payment = {
      paymentId: newPaymentId(),
      amountMinor,
      currency: 'USD',
      items: [],
      returnUrl,
      expiresAt,
      shippingCountries: null,
    };
    return { ...payment, ...(await gateway.createPayment(payment)) };
  };

  it('opens a payment once, and returns the same page again', async () => {
    const payment = await open();
    expect(payment.paymentUrl).toContain(payment.paymentId);
    expect(await gateway.createPayment(payment)).toEqual({ paymentUrl: payment.paymentUrl });
    expect(await gateway.getPayment(payment.paymentId)).toMatchObject({ status: 'open', capturedMinor: 0 });
  });

  it('refuses to open a payment again for another amount', async () => {
    const payment = await open();
    const other = gateway.createPayment({ ...payment, amountMinor: 1 });
    await expect(other).rejects.toMatchObject({ name: 'GatewayError', code: 'GatewayRefused' });
  });

  it('returns null for a payment that was never opened', async () => {
    expect(await gateway.getPayment(newPaymentId())).toBeNull();
  });

  it.each([
    ['pay', 'paid', 9999],
    ['decline', 'failed', 0],
  ] as const)('reads the state of the payment after the action %s', async (action, status, capturedMinor) => {
    const { paymentId } = await open();
    await gateway.settle(paymentId, action);
    expect(await gateway.getPayment(paymentId)).toMatchObject({ status, capturedMinor, refundedMinor: 0 });
  });

  it('lists every changed payment, page by page', async () => {
    const updatedSince = new Date().toISOString();
    const opened = await Promise.all([open(), open(), open()]);
    const seen: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await gateway.listPayments({ updatedSince, cursor });
      seen.push(...page.payments.map(({ paymentId }) => paymentId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(seen).toEqual(expect.arrayContaining(opened.map(({ paymentId }) => paymentId)));
  });

  describe('a refund', () => {
    it('is made once, also for many calls at once', async () => {
      const { paymentId } = await open();
      await gateway.settle(paymentId, 'pay');
      const refund = refundToMake(paymentId, 2000);
      const answers = await Promise.all(Array.from({ length: 5 }, () => refundPayment(gateway, refund)));
      const made = { refundId: refund.refundId, amountMinor: 2000, status: 'succeeded' };
      for (const answer of answers) {
        expect(answer).toMatchObject({ capturedMinor: 9999, refundedMinor: 2000, refunds: [made] });
      }
      expect(await gateway.keptMinor(paymentId)).toBe(7999);
    });

    it('is not made if a refund by hand has left too little', async () => {
      const { paymentId } = await open();
      await gateway.settle(paymentId, 'pay');
      await gateway.refund(refundByHand(paymentId, 999));
      const answer = await refundPayment(gateway, refundToMake(paymentId));
      expect(answer).toMatchObject({ refundedMinor: 999, refunds: [{ refundId: null, amountMinor: 999 }] });
      expect(await refundPayment(gateway, refundToMake(paymentId, 9000))).toMatchObject({ refundedMinor: 9999 });
      expect(await gateway.keptMinor(paymentId)).toBe(0);
    });

    it.each(['never opened', 'open', 'declined'])('is null for a payment that is %s', async (state) => {
      const paymentId = state === 'never opened' ? newPaymentId() : (await open()).paymentId;
      if (state === 'declined') await gateway.settle(paymentId, 'decline');
      expect(await refundPayment(gateway, refundToMake(paymentId))).toBeNull();
    });
  });
});

describe('a faulty gateway', () => {
  let server: Server | undefined;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  async function answering(listener: RequestListener): Promise<string> {
    const listening = createServer(listener);
    server = listening;
    await new Promise<void>((resolve) => {
      listening.listen(0, '127.0.0.1', resolve);
    });
    return `http://127.0.0.1:${(listening.address() as AddressInfo).port}`;
  }

  const answers: [what: string, code: string, listener: RequestListener][] = [
    ['does not answer', 'GatewayUnavailable', () => {}],
    ['closes the connection', 'GatewayUnavailable', (request) => request.socket.destroy()],
    ['answers 500', 'GatewayUnavailable', (_request, response) => response.writeHead(500).end()],
    ['answers 429', 'GatewayUnavailable', (_request, response) => response.writeHead(429).end()],
    ['refuses the key', 'GatewayMisconfigured', (_request, response) => response.writeHead(401).end()],
    ['forbids the call', 'GatewayMisconfigured', (_request, response) => response.writeHead(403).end()],
    ['refuses the request', 'GatewayRefused', (_request, response) => response.writeHead(422).end()],
    ['answers an invalid body', 'GatewayMisconfigured', (_request, response) => response.end('{"status":"odd"}')],
    ['redirects', 'GatewayUnavailable', (_request, response) => response.writeHead(302, { location: '/' }).end()],
    [
      'breaks off its answer',
      'GatewayUnavailable',
      (request, response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"payment_id":');
        setImmediate(() => request.socket.destroy());
      },
    ],
  ];

  it.each(answers)('that %s fails calls with %s', async (_what, code, listener) => {
    const url = await answering(listener);
    const gateway = createSandboxGateway({ url, apiKey: 'key', deadlineMs: 300 });
    await expect(gateway.getPayment(newPaymentId())).rejects.toMatchObject({ name: 'GatewayError', code });
  });
});
