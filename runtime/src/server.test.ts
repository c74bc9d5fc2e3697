import { EventEmitter, once } from 'node:events';
import { Agent, createServer, type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { type HttpServer, listen } from './server';

async function freePort(): Promise<number> {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  holder.close();
  await once(holder, 'close');
  return port;
}

/** Answers `/slow` after a call of `answerSlow`, and every other path immediately. */
async function start() {
  const port = await freePort();
  const events = new EventEmitter();
  const begun = once(events, 'begun');
  const fetch = async (asked: Request): Promise<Response> => {
    if (asked.url.endsWith('/slow')) {
      events.emit('begun');
      await once(events, 'answer');
    }
    return new Response('answer');
  };
  const server = await listen({ fetch }, { port, hostname: '127.0.0.1', portVariable: 'PORT' });
  return { server, port, answerSlow: () => void events.emit('answer'), begun };
}

describe('a server that stops', () => {
  const agent = new Agent({ keepAlive: true });
  let server: HttpServer;
  let port: number;
  let answerSlow: () => void;
  let begun: Promise<unknown>;

  beforeEach(async () => {
    ({ server, port, answerSlow, begun } = await start());
  });
  afterEach(() => server.close(0));
  afterAll(() => agent.destroy());

  const ask = async (path: string): Promise<string> => {
    const sent = request({ port, path, agent }).end();
    const [answer] = (await once(sent, 'response')) as [IncomingMessage];
    const text = await answer.toArray();
    return `${answer.statusCode} ${answer.headers.connection} ${Buffer.concat(text as Buffer[]).toString()}`;
  };

  it('closes each connection after its response while it drains, even if the request was already running', async () => {
    expect(await ask('/')).toBe('200 keep-alive answer');
    const running = ask('/slow');
    await begun;
    server.drain();
    expect(await ask('/')).toBe('200 close answer');
    answerSlow();
    expect(await running).toBe('200 close answer');
  });

  it('answers running requests when it closes, and accepts no new ones', async () => {
    const running = ask('/slow');
    await begun;
    const closed = server.close(5000);
    await expect(ask('/')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    answerSlow();
    expect(await running).toBe('200 close answer');
    await closed;
  });

  it('does not wait for a connection without a request', async () => {
    // Browsers open connections in advance, before they have a request.
    const spare = connect(port, '127.0.0.1');
    await once(spare, 'connect');
    const ended = once(spare, 'close');
    // The server accepts connections in order. After this answer, it has also accepted the connection without a
    // request.
    await ask('/');
    await server.close(3_600_000);
    await expect(ended).resolves.toEqual([false]);
  });

  it('closes requests that run beyond the grace time', async () => {
    const running = ask('/slow');
    await begun;
    await server.close(10);
    await expect(running).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('a client that pipelines requests', () => {
  const ended = new EventEmitter();
  const open = new Set<object>();
  let server: HttpServer;
  let port: number;

  /** Answers every request with an endless stream. */
  const fetch = (): Response => {
    const stream = {};
    open.add(stream);
    const cancel = (): void => {
      open.delete(stream);
      if (open.size === 0) ended.emit('all');
    };
    return new Response(new ReadableStream({ start: (first) => first.enqueue(Buffer.from('first')), cancel }));
  };
  const asked = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

  beforeAll(async () => {
    port = await freePort();
    server = await listen({ fetch }, { port, hostname: '127.0.0.1', portVariable: 'PORT' });
  });
  afterAll(() => server.close(0));

  it('ends all its requests when it disconnects, including the waiting ones', async () => {
    const client = connect(port, '127.0.0.1');
    client.write(asked.repeat(5));
    await once(client, 'data');
    expect(open.size).toBe(5);
    const left = once(ended, 'all');
    client.destroy();
    await left;
    expect(open.size).toBe(0);
  });

  it('is disconnected when it pipelines too many requests', async () => {
    const client = connect(port, '127.0.0.1').on('error', () => {});
    const left = once(ended, 'all');
    client.write(asked.repeat(50));
    client.resume();
    await Promise.all([once(client, 'close'), left]);
    expect(open.size).toBe(0);
  });
});

describe('the server, asked with HTTP/1.0 or HTTP/1.1,', () => {
  let server: HttpServer;
  let port: number;

  /** Answers `/stream` as `streamSSE` of Hono does, which sets `Transfer-Encoding` itself. */
  const fetch = (asked: Request): Response => {
    if (!asked.url.endsWith('/stream')) return new Response(`answer to ${new URL(asked.url).pathname}`);
    const send = async (body: ReadableStreamDefaultController): Promise<void> => {
      body.enqueue(Buffer.from('one '));
      await nextTurn();
      body.enqueue(Buffer.from('two'));
      body.close();
    };
    return new Response(new ReadableStream({ start: send }), { headers: { 'Transfer-Encoding': 'chunked' } });
  };

  beforeAll(async () => {
    port = await freePort();
    server = await listen({ fetch }, { port, hostname: '127.0.0.1', portVariable: 'PORT' });
  });
  afterAll(() => server.close(0));

  async function ask(head: string): Promise<{ status: string; headers: string; body: string }> {
    const client = connect(port, '127.0.0.1');
    client.write(`${head}\r\n\r\n`);
    const text = Buffer.concat((await client.toArray()) as Buffer[]).toString();
    const [, status = '', headers = '', body = ''] = /^HTTP\/1\.1 (\d+) .*?\r\n([^]*?)\r\n\r\n([^]*)$/.exec(text) ?? [];
    return { status, headers: headers.toLowerCase(), body };
  }

  it.each(['GET /healthz HTTP/1.0', 'GET /healthz HTTP/1.0\r\nHost:', 'GET /healthz HTTP/1.0\r\nHost: x'])(
    'answers %j, because HTTP/1.0 requires no Host',
    async (head) => {
      expect(await ask(head)).toMatchObject({ status: '200', body: 'answer to /healthz' });
    },
  );

  it.each(['GET /stream HTTP/1.0', 'GET /stream HTTP/1.0\r\nConnection: keep-alive'])(
    'answers %j with an unchunked stream that ends with the connection',
    async (head) => {
      const { status, headers, body } = await ask(head);
      expect([status, body]).toEqual(['200', 'one two']);
      expect(headers).not.toContain('transfer-encoding');
      expect(headers).toContain('connection: close');
    },
  );

  it('answers HTTP/1.1 with a chunked stream', async () => {
    const { headers, body } = await ask('GET /stream HTTP/1.1\r\nHost: x\r\nConnection: close');
    expect(headers).toContain('transfer-encoding: chunked');
    expect(body).toBe('4\r\none \r\n3\r\ntwo\r\n0\r\n\r\n');
  });
});
