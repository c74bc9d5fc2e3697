import { readEnv } from '../env';

/** @returns the message of the error; empty if the environment is valid */
function complaintOf(variables: Record<string, string>): string {
  const shop = { DATABASE_URL: 'postgres://localhost/store', PUBLIC_URL: 'https://shop.example' };
  try {
    readEnv({ ...shop, PAYMENT_GATEWAY: 'stripe', ...variables });
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('the environment of the worker with Stripe', () => {
  const key = '5f1c9a0e7b3d2468ace013579bdf2f4e';
  const live = { STRIPE_MODE: 'live', STRIPE_SECRET_KEY: `sk_live_${key}` };

  it('is accepted with a live key and the live mode', () => {
    expect(complaintOf(live)).toBe('');
  });

  it.each<[why: string, variables: Record<string, string>, complaint: string]>([
    ['without a key', { STRIPE_MODE: 'live' }, 'STRIPE_SECRET_KEY is not set'],
    ['without a mode', { STRIPE_SECRET_KEY: `sk_test_${key}` }, 'STRIPE_MODE is not set'],
    [
      'with a live key in test mode',
      { ...live, STRIPE_MODE: 'test' },
      'STRIPE_SECRET_KEY is not a key for STRIPE_MODE=',
    ],
    [
      'with a test key in live mode',
      { ...live, STRIPE_SECRET_KEY: `rk_test_${key}` },
      'STRIPE_SECRET_KEY is not a key for STRIPE_MODE=',
    ],
    ['with something else as a key', { ...live, STRIPE_SECRET_KEY: key }, 'STRIPE_SECRET_KEY is not valid'],
    [
      'with a country that Stripe does not support',
      { ...live, COLLECT_ADDRESS: 'US, CU' },
      'COLLECT_ADDRESS has countries that Stripe does not support: CU',
    ],
    ['live in demo mode', { ...live, DEMO: 'true' }, 'demo mode (DEMO=true) must not take real money'],
    [
      'live with another server',
      { ...live, STRIPE_API_URL: 'http://127.0.0.1:1' },
      'STRIPE_API_URL is only for test keys',
    ],
    ['live without TLS', { ...live, PUBLIC_URL: 'http://shop.example' }, 'PUBLIC_URL must be https addresses'],
    ['live with a front end without TLS', { ...live, STOREFRONT_URL: 'http://shop.example' }, 'STOREFRONT_URL and'],
  ])('%s is refused, without the key in the error', (_why, variables, complaint) => {
    expect(complaintOf(variables)).toContain(complaint);
    expect(complaintOf(variables)).not.toContain(key);
  });
});
