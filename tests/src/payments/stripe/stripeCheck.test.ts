import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type StripeUnderTest, stripeUnderTest } from '../../support/gateway/stripe/underTest';

const program = join(__dirname, '../../../programs/stripeCheck.js');

async function run(env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [program], { env, timeout: 60_000 });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, output };
}

describe('make stripe-check', () => {
  let stripe: StripeUnderTest;

  beforeAll(async () => {
    stripe = await stripeUnderTest();
  });
  afterAll(() => stripe.close());

  it('succeeds without a key, and prints one line that says that nothing was checked', async () => {
    const output = 'STRIPE_SECRET_KEY is not set, so nothing was checked.\n';
    expect(await run({})).toEqual({ code: 0, output });
  });

  it('refuses a live key and does not print it', async () => {
    const { code, output } = await run({ STRIPE_SECRET_KEY: 'sk_live_secret', STRIPE_API_URL: stripe.standIn.url });
    expect([code, stripe.standIn.account.sessions.size]).toEqual([1, 0]);
    expect(output).not.toContain('sk_live_secret');
  });

  it('succeeds with the stand-in for Stripe', async () => {
    const { code, output } = await run({ STRIPE_SECRET_KEY: 'sk_test_0', STRIPE_API_URL: stripe.standIn.url });
    expect([code, output]).toEqual([0, expect.stringMatching(/Stripe does everything that the store needs/) as string]);
    expect(stripe.complaints()).toEqual([]);
  });
});
