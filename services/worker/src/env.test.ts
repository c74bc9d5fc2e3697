import { readEnv } from './env';

/** @returns the message of the error; empty if the environment is valid */
function complaintOf(variables: Record<string, string>): string {
  const gateway = { GATEWAY_URL: 'http://127.0.0.1:3002', GATEWAY_API_KEY: 'key' };
  try {
    readEnv({
      DATABASE_URL: 'postgres://localhost/store',
      PUBLIC_URL: 'https://shop.example',
      ...gateway,
      ...variables,
    });
    return '';
  } catch (error) {
    return String(error);
  }
}

describe('the environment of the worker', () => {
  it.each<[Record<string, string>, string[]]>([
    [{ WORKER_PORT: '70000', NODE_ENV: 'prod' }, ['WORKER_PORT', 'NODE_ENV']],
    [
      { TEMPORAL_DEPLOYMENT_NAME: 'shop.example', TEMPORAL_WORKER_BUILD_ID: '__1' },
      ['TEMPORAL_DEPLOYMENT_NAME', 'TEMPORAL_WORKER_BUILD_ID'],
    ],
    [{ COLLECT_ADDRESS: 'US,Germany', BUYER_RETENTION_DAYS: '0' }, ['COLLECT_ADDRESS', 'BUYER_RETENTION_DAYS']],
    [{ PAYLOAD_ENCRYPTION_KEYS: 'one:hunter2' }, ['PAYLOAD_ENCRYPTION_KEYS']],
  ])('%j: names every invalid variable', (variables, names) => {
    for (const name of names) expect(complaintOf(variables)).toContain(`${name} is not valid`);
    expect(complaintOf(variables)).not.toContain('hunter2');
  });
});

describe('the environment of the worker with a receiver of events', () => {
  const secret = 'whsec_k3Qz9vXn2Lr8Yw5Tb7Jd1Hf6Gs4Pm0Ac8Ue2Io5Rx7Q=';
  const receiver = { EVENTS_WEBHOOK_URL: 'https://mail.internal/events', EVENTS_WEBHOOK_SECRET: secret };
  const url = (text: string) => ({ ...receiver, EVENTS_WEBHOOK_URL: text });

  it('is accepted with an https address', () => {
    expect(complaintOf(receiver)).toBe('');
    expect(complaintOf({ ...url('http://localhost:4000/'), DEMO: 'true' })).toBe('');
    expect(complaintOf({ ...url('https://10.0.0.7/'), EVENTS_WEBHOOK_ALLOW_PRIVATE: 'mail.internal, 10.0.0.7' })).toBe(
      '',
    );
  });

  it.each<[Record<string, string>, string]>([
    [{ EVENTS_WEBHOOK_SECRET: secret }, 'EVENTS_WEBHOOK_URL is not set'],
    [{ EVENTS_WEBHOOK_URL: receiver.EVENTS_WEBHOOK_URL }, 'EVENTS_WEBHOOK_SECRET is not set'],
    [{ ...receiver, EVENTS_WEBHOOK_SECRET: `whsec_${'A'.repeat(32)}` }, 'EVENTS_WEBHOOK_SECRET is too weak'],
    [url('ftp://mail.internal/'), 'EVENTS_WEBHOOK_URL is not valid'],
    [url('http://localhost:4000/'), 'EVENTS_WEBHOOK_URL is not valid: expected https://'],
    [url('https://169.254.169.254/'), 'EVENTS_WEBHOOK_URL is not valid: it is a private address'],
  ])('%j is refused', (variables, complaint) => {
    expect(complaintOf(variables)).toContain(complaint);
  });
});

describe('the environment of the worker with Stripe', () => {
  const key = '5f1c9a0e7b3d2468ace013579bdf2f4e';
  const stripe = { PAYMENT_GATEWAY: 'stripe' };
  const live = { ...stripe, STRIPE_MODE: 'live', STRIPE_SECRET_KEY: `sk_live_${key}` };

  it('is accepted with a live key and the live mode', () => {
    expect(complaintOf(live)).toBe('');
  });

  it.each<[why: string, variables: Record<string, string>, complaint: string]>([
    ['without a key', { ...stripe, STRIPE_MODE: 'live' }, 'STRIPE_SECRET_KEY is not set'],
    ['without a mode', { ...stripe, STRIPE_SECRET_KEY: `sk_test_${key}` }, 'STRIPE_MODE is not set'],
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
    ['live without TLS', { ...live, PUBLIC_URL: 'http://shop.example' }, 'PUBLIC_URL must start with https:'],
    ['live with a front end without TLS', { ...live, STOREFRONT_URL: 'http://shop.example' }, 'STOREFRONT_URL and'],
  ])('%s is refused, without the key in the error', (_why, variables, complaint) => {
    expect(complaintOf(variables)).toContain(complaint);
    expect(complaintOf(variables)).not.toContain(key);
  });
});
