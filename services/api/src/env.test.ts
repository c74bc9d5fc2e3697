import { readEnv } from './env';

const secrets = { ADMIN_TOKEN: '5f1c9a0e7b3d2468ace013579bdf2f4e' };
const read = (variables: Record<string, string>) =>
  readEnv({ DATABASE_URL: 'postgres://localhost/store', ...secrets, ...variables });

describe('STRIPE_WEBHOOK_SECRET', () => {
  const stripe = { PAYMENT_GATEWAY: 'stripe', STRIPE_MODE: 'test' };
  const readWith = (secret: string) => read({ ...stripe, STRIPE_WEBHOOK_SECRET: `whsec_${secret}` });
  const characters = 'Jq7VxT2mLw9ZbR4cKd8NfY3gHs6PvE1a';

  it.each([24, 32])('of %i characters is used as Stripe made it', (length) => {
    const secret = characters.slice(0, length);
    expect(readWith(secret).webhooks).toMatchObject({ webhookSecret: `whsec_${secret}` });
  });

  it.each([
    ['short', characters.slice(0, 23), 'is not valid: expected whsec_ and at least 24 letters and digits'],
    ['a placeholder', 'changeme'.repeat(4), 'is too weak: it is a placeholder'],
    ['repetitive', 'a'.repeat(32), 'is too weak: it repeats a few characters'],
  ])('that is %s is refused, and has to come from Stripe', (_what, secret, complaint) => {
    expect(() => readWith(secret)).toThrow(`STRIPE_WEBHOOK_SECRET ${complaint}`);
    expect(() => readWith(secret)).toThrow(/Stripe/);
    expect(() => readWith(secret)).not.toThrow(/openssl/);
  });
});

describe('the secrets that the operator makes', () => {
  it.each(['ADMIN_TOKEN', 'PAYMENT_WEBHOOK_SECRET'])('%s that is weak: openssl makes one', (name) => {
    const weak = `whsec_${'a'.repeat(32)}`;
    expect(() => read({ PAYMENT_WEBHOOK_SECRET: weak, ADMIN_TOKEN: 'a'.repeat(32) })).toThrow(
      new RegExp(`${name} is too weak: .*openssl rand`),
    );
  });
});

describe('PUBLIC_URL', () => {
  it.each(['https://shop.example/widgets', 'https://shop.example/a/b/', 'https://shop.example//a'])(
    '%s has a path, below which the storefront would be blank',
    (url) => {
      expect(() => read({ DEMO: 'true', PUBLIC_URL: url })).toThrow('PUBLIC_URL is not valid: expected no path');
    },
  );

  it.each(['https://shop.example', 'https://shop.example/', 'https://shop.example//', 'http://127.0.0.1:3000'])(
    '%s is the store',
    (url) => {
      expect(read({ DEMO: 'true', PUBLIC_URL: url }).publicUrl).toBe(url.replace(/\/+$/, ''));
    },
  );
});
