import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { freePorts } from '@widget-store/dev';
import { eventually } from '../support/eventually';
import { readRepositoryFile } from '../support/repositoryFile';

const root = join(__dirname, '../../..');
const databaseUrl = 'postgres://postgres:hunter2@127.0.0.1:1/none';

interface Ended {
  code: number | null;
  output: string;
}

async function run(program: string, env: Record<string, string>): Promise<Ended> {
  const child = spawn(process.execPath, [join(root, program)], { env, timeout: 60_000 });
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
  it('exits with 1 if it cannot connect, and prints the error but not the password', async () => {
    const { code, output } = await run('db/dist/migrate.js', { DATABASE_URL: databaseUrl });
    expect(code).toBe(1);
    expect(output).toContain('ECONNREFUSED');
    expect(output).not.toContain('hunter2');
  });
});

describe('a Postgres that refuses the session, as PgBouncer does without ignore_startup_parameters', () => {
  const reason = 'unsupported startup parameter: IntervalStyle';
  let pooler: Server;
  let child: ChildProcess | undefined;
  let startup = '';

  beforeEach(async () => {
    pooler = createServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (packet: Buffer) => {
        startup = packet.toString();
        socket.end(errorResponse({ S: 'FATAL', C: '08P01', M: reason }));
      });
    }).listen(0, '127.0.0.1');
    await once(pooler, 'listening');
  });
  afterEach(async () => {
    child?.kill('SIGKILL');
    if (child !== undefined) await once(child, 'close');
    pooler.close();
  });

  it.each([
    ['services/api/dist/main.js', 'PORT'],
    ['services/worker/dist/main.js', 'WORKER_PORT'],
  ])('%s logs the reason when it starts', async (program, portVariable) => {
    const { port } = pooler.address() as AddressInfo;
    const { free } = await freePorts('free');
    child = spawn(process.execPath, [join(root, program)], {
      env: {
        DATABASE_URL: `postgres://postgres@127.0.0.1:${port}/none`,
        [portVariable]: String(free),
        DEMO: 'true',
        GATEWAY_URL: 'http://127.0.0.1:1',
        GATEWAY_API_KEY: 'key',
        NODE_ENV: 'production',
      },
    });
    let output = '';
    child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
    await eventually(
      () => output,
      (text) => text.includes(reason),
    );
    expect(parametersIn(startup).toSorted()).toEqual(documentedParameters().toSorted());
    if (portVariable !== 'PORT') return;
    const answer = await eventually(() => fetch(`http://127.0.0.1:${free}/product`), Boolean);
    expect([answer.status, await answer.json()]).toMatchObject([
      503,
      { code: 'postgres_unavailable', retryable: true },
    ]);
  });
});

/** The parameters that PgBouncer always accepts, according to its documentation of `ignore_startup_parameters`. */
const acceptedByPooler = new Set(['user', 'database', 'client_encoding', 'DateStyle', 'TimeZone', 'application_name']);

/**
 * Returns those parameter names of a StartupMessage that are missing in `acceptedByPooler`. The format of the message is
 * in the PostgreSQL documentation, "Message Formats".
 */
function parametersIn(packet: string): string[] {
  const names = packet
    .slice(8)
    .split('\0')
    .filter((_text, index) => index % 2 === 0);
  return names.filter((name) => name !== '' && !acceptedByPooler.has(name));
}

function documentedParameters(): string[] {
  const [, list = ''] = /`ignore_startup_parameters = ([^`]+)`/.exec(readRepositoryFile('docs/production.md')) ?? [];
  return list.split(',');
}

/** Creates an ErrorResponse, whose format is in the PostgreSQL documentation, "Message Formats". */
function errorResponse(fields: Record<string, string>): Buffer {
  const body = `${Object.entries(fields)
    .map(([type, text]) => `${type}${text}\0`)
    .join('')}\0`;
  const length = Buffer.alloc(4);
  length.writeUInt32BE(4 + Buffer.byteLength(body));
  return Buffer.concat([Buffer.from('E'), length, Buffer.from(body)]);
}
