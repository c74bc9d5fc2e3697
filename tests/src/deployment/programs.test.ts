import { spawn } from 'node:child_process';
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

  it('temporal-setup names the invalid variable, without its value, and exits with 1', async () => {
    const { code, output } = await run('services/worker/dist/setup/main.js', { TEMPORAL_RETENTION_DAYS: 'hunter2' });
    expect([code, output]).toEqual([1, expect.stringContaining('TEMPORAL_RETENTION_DAYS is not valid') as string]);
    expect(output).not.toContain('hunter2');
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
  it('without a database prints the error without the password, and exits with 1', async () => {
    const { code, output } = await run('db/dist/migrate.js', { DATABASE_URL: databaseUrl });
    expect(code).toBe(1);
    expect(output).toContain('ECONNREFUSED');
    expect(output).not.toContain('hunter2');
  });
});
