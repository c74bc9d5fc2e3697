import { randomBytes } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { freePorts } from '../ports';
import { builtPrograms, repositoryRoot } from '../store';
import { supervise, type SupervisedProcess } from '../supervisor';
import { temporaryDirectory } from '../temporaryDirectory';
import { gatewayProcess } from './process';

const readyDeadlineMs = 20_000;

/** A webhook with a valid signature. */
export interface ReceivedWebhook {
  id: string;
  path: string;
  body: { type: string; timestamp: string; data: Record<string, unknown> };
}

/** A server that receives the webhooks in place of the api, and keeps them for the test. */
interface Receiver {
  accepted: ReceivedWebhook[];
  /** The webhooks that were answered with a status other than 200. */
  refused: ReceivedWebhook[];
  /** The answer to every webhook from now on. */
  answer: { status: number; headers?: Record<string, string> };
  /** The errors of webhooks with an invalid signature. */
  forged: unknown[];
}

/** A gateway that runs as a separate process, and a receiver of its webhooks. */
export interface TestGateway extends Receiver {
  url: string;
  process: SupervisedProcess;
  lines: string[];
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Opens a payment of 12.34 USD with a new id. Resolves with the id. */
  open(): Promise<string>;
  /** Stops the receiver, so that connections are refused. */
  receiverDown(): Promise<void>;
  receiverUp(): Promise<void>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

interface CallOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

interface Answer {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}

const gatewayApiKey = 'key-of-the-tests-0123456789';
export const returnUrl = 'http://127.0.0.1:9/shop/order';

/** Starts the built program on free ports and with an empty ledger. */
export async function startTestGateway(): Promise<TestGateway> {
  const directory = await temporaryDirectory();
  const ports = await freePorts('gateway', 'receiver');
  const webhookSecret = `whsec_${randomBytes(32).toString('base64')}`;
  const url = `http://127.0.0.1:${ports.gateway}`;
  const receiver: Receiver = { accepted: [], refused: [], forged: [], answer: { status: 200 } };
  const server = createReceiver(receiver, { port: ports.receiver, webhookSecret });
  await server.open();
  const lines: string[] = [];
  const running = supervise({
    ...gatewayProcess({
      program: join(repositoryRoot, builtPrograms.gateway),
      dataDir: directory.path,
      port: ports.gateway,
      apiUrl: `http://127.0.0.1:${ports.receiver}`,
      gatewayApiKey,
      webhookSecret,
      environment: {},
    }),
    onLine: (line) => lines.push(line),
  });
  await running.whenReady({ deadlineMs: readyDeadlineMs });
  const call = (method: string, path: string, options: CallOptions = {}) => request(method, `${url}${path}`, options);
  return Object.assign(receiver, {
    url,
    process: running,
    lines,
    call,
    open: async () => {
      const paymentId = `pay_${randomBytes(16).toString('hex')}`;
      const body = { payment_id: paymentId, amount_minor: 1234, currency: 'USD', return_url: returnUrl };
      await call('POST', '/v1/payments', { body });
      return paymentId;
    },
    receiverDown: server.close,
    receiverUp: server.open,
    kill: async () => {
      running.kill('SIGKILL');
      await running.whenReady({ deadlineMs: readyDeadlineMs });
    },
    stop: async () => {
      await running.stop();
      await server.close();
      await directory.remove();
    },
  });
}

async function request(method: string, url: string, { body, headers }: CallOptions): Promise<Answer> {
  const response = await fetch(url, {
    method,
    redirect: 'manual',
    headers: { authorization: `Bearer ${gatewayApiKey}`, ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = (response.headers.get('content-type') ?? '').includes('json');
  // The type assertion is safe, because the tests compare the value with what they expect.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const json = (isJson ? JSON.parse(text) : {}) as Record<string, unknown>;
  return { status: response.status, headers: response.headers, text, json };
}

function createReceiver(receiver: Receiver, { port, webhookSecret }: { port: number; webhookSecret: string }) {
  const webhook = new Webhook(webhookSecret);
  const server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const { status, headers } = receiver.answer;
      try {
        const received = verify(webhook, { headers: incoming.headers, raw: Buffer.concat(chunks).toString('utf8') });
        (status === 200 ? receiver.accepted : receiver.refused).push({ ...received, path: incoming.url ?? '' });
      } catch (error) {
        receiver.forged.push(error);
      }
      answer.writeHead(status, headers).end();
    });
  });
  return {
    open: () => new Promise<void>((resolve) => void server.listen(port, '127.0.0.1', () => resolve())),
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function verify(webhook: Webhook, { headers, raw }: { headers: IncomingHttpHeaders; raw: string }) {
  const header = (name: string): string => String(headers[name]);
  const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
  webhook.verify(raw, Object.fromEntries(names.map((name) => [name, header(name)])));
  // The type assertion is safe, because the gateway signed the body, and the tests check what the body contains.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return { id: header('webhook-id'), body: JSON.parse(raw) as ReceivedWebhook['body'] };
}
