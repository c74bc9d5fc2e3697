import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const root = join(__dirname, '../../..');
const databaseUrl = 'postgres://postgres:hunter2@127.0.0.1:1/none';

interface Ended {
  code: number | null;
  output: string;
}

async function run(program: string, env: Record<string, string>): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, program)], { env, timeout: 30_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

const programs = ['services/api/dist/main.js', 'services/worker/dist/main.js', 'db/dist/migrate.js', 'db/dist/seed.js'];

describe('a program with a broken environment', () => {
  it.each(programs)('%s names the missing variable and exits with 1', async (program) => {
    const { code, output } = await run(program, {});
    expect([code, output]).toEqual([1, expect.stringContaining('DATABASE_URL is not set') as string]);
  });

  it.each(programs)('%s names the invalid variable, without its value, and exits with 1', async (program) => {
    const { code, output } = await run(program, { DATABASE_URL: 'mysql://root:hunter2@db/x' });
    expect([code, output]).toEqual([1, expect.stringContaining('DATABASE_URL is not valid') as string]);
    expect(output).not.toContain('hunter2');
  });

  it.each([
    [
      'services/api/dist/main.js',
      { PORT: 'x', DEMO: 'yes', PAYMENT_WINDOW_MS: '-1' },
      ['PORT', 'DEMO', 'PAYMENT_WINDOW_MS'],
    ],
    ['services/worker/dist/main.js', { WORKER_PORT: '70000', NODE_ENV: 'prod' }, ['WORKER_PORT', 'NODE_ENV']],
    [
      'services/worker/dist/main.js',
      { TEMPORAL_DEPLOYMENT_NAME: 'shop.example', TEMPORAL_WORKER_BUILD_ID: '__1' },
      ['TEMPORAL_DEPLOYMENT_NAME', 'TEMPORAL_WORKER_BUILD_ID'],
    ],
    ['services/api/dist/main.js', { PAYLOAD_ENCRYPTION_KEYS: 'hunter2' }, ['PAYLOAD_ENCRYPTION_KEYS']],
    ['services/worker/dist/main.js', { PAYLOAD_ENCRYPTION_KEYS: 'one:hunter2' }, ['PAYLOAD_ENCRYPTION_KEYS']],
    ['services/worker/dist/setup/main.js', { TEMPORAL_RETENTION_DAYS: 'hunter2' }, ['TEMPORAL_RETENTION_DAYS']],
  ])('%s names all invalid variables at once', async (program, wrong, names) => {
    const { code, output } = await run(program, { DATABASE_URL: databaseUrl, ...wrong });
    expect(code).toBe(1);
    for (const name of names) expect(output).toContain(`${name} is not valid`);
    expect(output).not.toContain('hunter2');
  });
});

describe('the api outside demo mode', () => {
  const api = 'services/api/dist/main.js';
  const random = randomBytes(32).toString('base64');
  const secrets = { ADMIN_TOKEN: randomBytes(24).toString('hex'), PAYMENT_WEBHOOK_SECRET: `whsec_${random}` };

  it('requires an admin token and a webhook secret', async () => {
    const { code, output } = await run(api, { DATABASE_URL: databaseUrl });
    expect(code).toBe(1);
    for (const name of Object.keys(secrets)) expect(output).toContain(`${name} is not set`);
  });

  it.each([
    ['ADMIN_TOKEN', 'changeme'],
    ['ADMIN_TOKEN', 'changeme-changeme-changeme-changeme'],
    ['ADMIN_TOKEN', 'x'.repeat(48)],
    ['ADMIN_TOKEN', 'two words of a sufficient length'],
    ['PAYMENT_WEBHOOK_SECRET', 'whsec_short'],
    ['PAYMENT_WEBHOOK_SECRET', `whsec_${'changeme'.repeat(5)}`],
    ['PAYMENT_WEBHOOK_SECRET', `whsec_${Buffer.alloc(32, 1).toString('base64')}`],
    ['PAYMENT_WEBHOOK_SECRET', `whsec_${Buffer.from('password'.repeat(4)).toString('base64')}`],
    ['PAYMENT_WEBHOOK_SECRET_PREVIOUS', `whsec_${Buffer.alloc(32, 1).toString('base64')}`],
  ])('refuses the %s %s, and does not print it', async (name, value) => {
    const { code, output } = await run(api, { DATABASE_URL: databaseUrl, ...secrets, [name]: value });
    expect([code, output]).toEqual([1, expect.stringMatching(new RegExp(`^${name} is (not valid|too weak): `, 'm'))]);
    expect(output).not.toContain(value);
  });

  it.each([
    ['CORS_ORIGINS', '*'],
    ['CORS_ORIGINS', 'https://shop.example/path'],
    ['TRUSTED_PROXY_HOPS', '-1'],
    ['RATE_LIMIT_PER_MINUTE', '0'],
  ])('refuses %s=%s', async (name, value) => {
    const { code, output } = await run(api, { DATABASE_URL: databaseUrl, ...secrets, [name]: value });
    expect([code, output]).toEqual([1, expect.stringContaining(`${name} is not valid`) as string]);
  });
});

describe('with Stripe as the gateway', () => {
  const [api, worker] = ['services/api/dist/main.js', 'services/worker/dist/main.js'];
  const stripe = { DATABASE_URL: databaseUrl, PAYMENT_GATEWAY: 'stripe', PUBLIC_URL: 'https://shop.example' };
  const key = randomBytes(24).toString('hex');
  const webhook = { STRIPE_WEBHOOK_SECRET: `whsec_${key}`, ADMIN_TOKEN: randomBytes(24).toString('hex') };
  const live = { STRIPE_MODE: 'live', STRIPE_SECRET_KEY: `sk_live_${key}` };

  it.each<[why: string, program: string, env: Record<string, string>, complaints: string[]]>([
    ['without its variables', worker, {}, ['STRIPE_SECRET_KEY is not set', 'STRIPE_MODE is not set']],
    ['without its variables', api, { DEMO: 'true' }, ['STRIPE_WEBHOOK_SECRET is not set', 'STRIPE_MODE is not set']],
    [
      'with a live key in a test',
      worker,
      { ...live, STRIPE_MODE: 'test' },
      ['STRIPE_SECRET_KEY is not a key of the mode'],
    ],
    [
      'with a test key in live mode',
      worker,
      { STRIPE_MODE: 'live', STRIPE_SECRET_KEY: `rk_test_${key}` },
      ['STRIPE_SECRET_KEY is not a key of the mode'],
    ],
    ['with something else as a key', worker, { ...live, STRIPE_SECRET_KEY: key }, ['STRIPE_SECRET_KEY is not valid']],
    ['live in demo mode', worker, { ...live, DEMO: 'true' }, ['demo mode (DEMO=true) takes no real money']],
    [
      'live in demo mode',
      api,
      { ...webhook, STRIPE_MODE: 'live', DEMO: 'true' },
      ['demo mode (DEMO=true) takes no real'],
    ],
    [
      'live with another server',
      worker,
      { ...live, STRIPE_API_URL: 'http://127.0.0.1:1' },
      ['STRIPE_API_URL is for test'],
    ],
    ['live without TLS', worker, { ...live, PUBLIC_URL: 'http://shop.example' }, ['PUBLIC_URL is not https']],
    [
      'with a window of two days',
      api,
      { ...webhook, STRIPE_MODE: 'test', PAYMENT_WINDOW_MS: '172800000' },
      ['PAYMENT_WINDOW_MS is over'],
    ],
    [
      'with a placeholder',
      api,
      { ...webhook, STRIPE_MODE: 'test', STRIPE_WEBHOOK_SECRET: `whsec_${'changeme'.repeat(4)}` },
      ['STRIPE_WEBHOOK_SECRET is too weak'],
    ],
  ])('%s %s does not start', async (_why, program, env, complaints) => {
    const { code, output } = await run(program, { ...stripe, ...env });
    expect(code).toBe(1);
    for (const complaint of complaints) expect(output).toContain(complaint);
    expect(output).not.toContain(key);
  });
});

describe('a program whose port is taken', () => {
  it.each([
    ['services/api/dist/main.js', 'PORT'],
    ['services/worker/dist/main.js', 'WORKER_PORT'],
  ])('%s names the port and exits with 1', async (program, variable) => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const env = { DATABASE_URL: databaseUrl, DEMO: 'true', GATEWAY_URL: 'http://127.0.0.1:1', GATEWAY_API_KEY: 'key' };
    const { code, output } = await run(program, { ...env, [variable]: String(port) });
    holder.close();
    expect([code, output]).toEqual([1, expect.stringContaining(`${variable} ${port} cannot be used`) as string]);
    expect(output).not.toContain('hunter2');
  });
});

describe('migrate', () => {
  it('without a database names the error, without the password, and exits with 1', async () => {
    const { code, output } = await run('db/dist/migrate.js', { DATABASE_URL: databaseUrl });
    expect(code).toBe(1);
    expect(output).toContain('ECONNREFUSED');
    expect(output).not.toContain('hunter2');
  });
});
