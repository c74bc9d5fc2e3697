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

  it('is accepted with an https address, a local address in demo mode, or an allowed private address', () => {
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
    [url('https://169.254.169.254/'), 'EVENTS_WEBHOOK_URL is not valid: it is not a public address'],
  ])('%j is refused', (variables, complaint) => {
    expect(complaintOf(variables)).toContain(complaint);
  });
});
