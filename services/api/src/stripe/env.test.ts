import { readEnv } from '../env';

const webhookSecret = 'whsec_Jq7VxT2mLw9ZbR4cKd8NfY3gHs6PvE1a';
const read = (variables: Record<string, string>) =>
  readEnv({
    DATABASE_URL: 'postgres://localhost/store',
    ADMIN_TOKEN: '5f1c9a0e7b3d2468ace013579bdf2f4e',
    PAYMENT_GATEWAY: 'stripe',
    ...variables,
  });

describe('STRIPE_WEBHOOK_SECRET', () => {
  const readWith = (secret: string) => read({ STRIPE_MODE: 'test', STRIPE_WEBHOOK_SECRET: `whsec_${secret}` });
  const characters = webhookSecret.slice('whsec_'.length);

  it.each([24, 32])('of %i characters is used unchanged', (length) => {
    const secret = characters.slice(0, length);
    expect(readWith(secret).webhooks).toMatchObject({ webhookSecret: `whsec_${secret}` });
  });

  it.each([
    ['short', characters.slice(0, 23), 'is not valid: expected whsec_ and at least 24 letters and digits'],
    ['a placeholder', 'changeme'.repeat(4), 'is too weak: it is a placeholder'],
    ['repetitive', 'a'.repeat(32), 'is too weak: it repeats a few characters'],
  ])('that is %s is refused, and the message names Stripe instead of openssl', (_what, secret, complaint) => {
    expect(() => readWith(secret)).toThrow(`STRIPE_WEBHOOK_SECRET ${complaint}`);
    expect(() => readWith(secret)).toThrow(/Stripe/);
    expect(() => readWith(secret)).not.toThrow(/openssl/);
  });
});

test('the sandbox is not linked if Stripe is the payment gateway', () => {
  const sandbox = { GATEWAY_PUBLIC_URL: 'https://pay.example/' };
  expect(read({ ...sandbox, STRIPE_MODE: 'test', STRIPE_WEBHOOK_SECRET: webhookSecret }).gatewayUrl).toBeUndefined();
});

describe('the environment of the api with Stripe', () => {
  it.each<[why: string, variables: Record<string, string>, complaints: string[]]>([
    ['without its variables', { DEMO: 'true' }, ['STRIPE_WEBHOOK_SECRET is not set', 'STRIPE_MODE is not set']],
    ['live in demo mode', { STRIPE_MODE: 'live', DEMO: 'true' }, ['demo mode (DEMO=true) must not take real']],
    [
      'with a payment window of two days',
      { STRIPE_MODE: 'test', PAYMENT_WINDOW_MS: '172800000' },
      ['PAYMENT_WINDOW_MS is over'],
    ],
  ])('%s is refused', (_why, variables, complaints) => {
    const secret = variables['STRIPE_MODE'] === undefined ? {} : { STRIPE_WEBHOOK_SECRET: webhookSecret };
    for (const complaint of complaints) expect(() => read({ ...secret, ...variables })).toThrow(complaint);
  });
});
