import { readCart } from '../cart';
import { checkoutRoutes } from './checkout';

const order = {
  orderId: 'ord_00112233445566778899aabbccddeeff',
  paymentId: 'pay_00112233445566778899aabbccddeeff',
  status: 'PENDING',
  totalMinor: 9999,
  currency: 'USD',
  fingerprint: readCart('').fingerprint,
  expiresAt: '2030-01-01T00:00:00.000Z',
};

describe('a checkout', () => {
  // There is no room for a new checkout, so the api looks for an existing answer in the store.
  const admission = { run: (_work: unknown, { findAnswer }: { findAnswer: () => unknown }) => findAnswer() };
  const store = { findPlacedOrder: () => Promise.resolve(order) };
  const app = checkoutRoutes({ runs: { admission, store }, storefrontUrl: 'https://shop.example' } as never);

  it.each([
    ['application/json', 'application/json'],
    ['text/html, application/json;q=0.9, */*;q=0.1', 'application/json'],
    ['application/json, text/plain, */*', 'application/json'],
    ['APPLICATION/JSON', 'application/json'],
    ['text/plain;q=0.2, application/json', 'application/json'],
    ['text/plain, application/json;q=0.2', 'text/plain'],
    ['application/json;q=0', 'text/plain'],
    ['application/json;q=0, */*', 'text/plain'],
    ['application/json-seq', 'text/plain'],
    ['*/*', 'text/plain'],
    ['', 'text/plain'],
  ])('for a client that accepts %j is answered as %s (RFC 9110, 12.5.1)', async (accept, mediaType) => {
    const answer = await app.request('/checkout/key', { method: 'POST', headers: { Accept: accept } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('Content-Type')?.split(';')[0]).toBe(mediaType);
  });
});
