import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
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
  it.each(programs)('%s names the variable that is missing and exits with 1', async (program) => {
    const { code, output } = await run(program, {});
    expect([code, output]).toEqual([1, expect.stringContaining('DATABASE_URL is not set') as string]);
  });

  it.each(programs)('%s names the variable that is wrong, never its value', async (program) => {
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
  ])('%s names all of them at once', async (program, wrong, names) => {
    const { code, output } = await run(program, { DATABASE_URL: databaseUrl, ...wrong });
    expect(code).toBe(1);
    for (const name of names) expect(output).toContain(`${name} is not valid`);
  });
});

describe('a program whose port is taken', () => {
  it.each([
    ['services/api/dist/main.js', 'PORT'],
    ['services/worker/dist/main.js', 'WORKER_PORT'],
  ])('%s says which and exits with 1', async (program, variable) => {
    const holder = createServer().listen(0, '127.0.0.1');
    await once(holder, 'listening');
    const { port } = holder.address() as AddressInfo;
    const env = { DATABASE_URL: databaseUrl, DEMO: 'true', GATEWAY_URL: 'http://127.0.0.1:1', GATEWAY_API_KEY: 'key' };
    const { code, output } = await run(program, { ...env, [variable]: String(port) });
    holder.close();
    expect([code, output]).toEqual([1, expect.stringContaining(`${variable} ${port} cannot be listened on`) as string]);
    expect(output).not.toContain('hunter2');
  });
});

describe('migrate', () => {
  it('without a database says so, keeps the password to itself and exits with 1', async () => {
    const { code, output } = await run('db/dist/migrate.js', { DATABASE_URL: databaseUrl });
    expect(code).toBe(1);
    expect(output).toContain('ECONNREFUSED');
    expect(output).not.toContain('hunter2');
  });
});
