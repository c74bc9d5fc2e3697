import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createAccount, type StripeAccount } from './account';
import { type Form, StripeError } from './form';

/**
 * A stand-in for Stripe's API. It supports the few requests that the store and `stripeCheck.js` make, and keeps state.
 */
export interface StripeStandIn {
  url: string;
  account: StripeAccount;
  /** The requests that stripe-mock has refused. Tests expect none. */
  refused: string[];
  /** The API versions that requests named. */
  versions: Set<string>;
  /**
   * Executes the next POST that would succeed, but answers it with 500. A repetition with the same key also gets 500.
   */
  saveFailure(): void;
  /** Refuses the next POST with 400. A repetition with the same key also gets 400. */
  saveRefusal(): void;
  close(): Promise<void>;
}

interface Answer {
  status: number;
  body: string;
  replayed?: boolean;
}

interface Saved {
  asked: string;
  answer: Answer;
}

/**
 * Starts a stand-in that answers from an account in memory. Before each answer, stripe-mock validates the request
 * against Stripe's OpenAPI document. Idempotency keys work as in Stripe: a repeated request gets the saved answer, even
 * if that is a 5xx, and a key with other parameters is refused.
 *
 * @param mockUrl the address of a stripe-mock
 */
export async function startStripeStandIn(mockUrl: string): Promise<StripeStandIn> {
  const account = createAccount();
  const saved = new Map<string, Saved>();
  const refused: string[] = [];
  const versions = new Set<string>();
  let failures = 0;
  let refusals = 0;

  async function answer(request: IncomingMessage, body: string): Promise<Answer> {
    const { method = '', url = '' } = request;
    versions.add(String(request.headers['stripe-version']));
    const complaint = await complaintOfMock(mockUrl, request, body);
    if (complaint !== undefined) {
      refused.push(`${method} ${url}: ${complaint.body}`);
      return complaint;
    }
    const { pathname, searchParams } = new URL(url, 'http://stripe');
    if (method === 'GET') return attempt(() => read(account, pathname, searchParams));
    const key = String(request.headers['idempotency-key']);
    const asked = `${method} ${pathname} ${body}`;
    const earlier = saved.get(key);
    if (earlier !== undefined) return earlier.asked === asked ? { ...earlier.answer, replayed: true } : reusedKey();
    if (refusals > 0) {
      refusals -= 1;
      saved.set(key, { asked, answer: refusal() });
      return refusal();
    }
    const done = attempt(() => change(account, pathname, new URLSearchParams(body)));
    const given = failures > 0 && done.status === 200 ? internalError() : done;
    if (given !== done) failures -= 1;
    // Stripe does not save the answer of a request that fails validation.
    if (given.status !== 400) saved.set(key, { asked, answer: given });
    return given;
  }

  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      answer(request, Buffer.concat(chunks).toString('utf8')).then(
        (given) => send(response, given),
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    account,
    refused,
    versions,
    saveFailure: () => {
      failures += 1;
    },
    saveRefusal: () => {
      refusals += 1;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function complaintOfMock(mockUrl: string, request: IncomingMessage, body: string): Promise<Answer | undefined> {
  const { method = '', url = '', headers } = request;
  const init = {
    method,
    headers: {
      authorization: String(headers.authorization),
      'content-type': headers['content-type'] ?? 'application/x-www-form-urlencoded',
    },
  };
  const response = await fetch(mockUrl + url, method === 'GET' ? init : { ...init, body });
  const text = await response.text();
  return response.ok ? undefined : { status: response.status, body: text };
}

function read(account: StripeAccount, path: string, form: Form): object {
  const [, version, ...segments] = path.split('/');
  if (version === 'v1') {
    const [resource, id, third = ''] = segments;
    if (resource === 'checkout' && id === 'sessions') {
      return third === '' ? account.listSessions(form) : account.readSession(third, form);
    }
    if (resource === 'payment_intents') return account.readIntent(id ?? '', form);
    if (resource === 'charges') return account.listCharges(form);
    if (resource === 'refunds') return account.listRefunds(form);
    if (resource === 'disputes') return account.listDisputes(form);
  }
  throw new StripeError(404, `Unrecognized request URL (GET: ${path}).`);
}

function change(account: StripeAccount, path: string, form: Form): object {
  if (path === '/v1/checkout/sessions') return account.createSession(form);
  if (path === '/v1/refunds') return account.refund(form);
  if (path === '/v1/payment_intents') return account.payDirectly(form);
  const id = /^\/v1\/checkout\/sessions\/(\w+)\/expire$/.exec(path)?.[1];
  if (id !== undefined) return account.expireSession(id, form);
  throw new StripeError(404, `Unrecognized request URL (POST: ${path}).`);
}

function attempt(work: () => object): Answer {
  try {
    return { status: 200, body: JSON.stringify(work()) };
  } catch (error) {
    if (!(error instanceof StripeError)) throw error;
    const { status, type, message } = error;
    return { status, body: JSON.stringify({ error: { type, message } }) };
  }
}

function reusedKey(): Answer {
  const message = 'Keys for idempotent requests can only be used with the same parameters they were first used with.';
  return { status: 400, body: JSON.stringify({ error: { type: 'idempotency_error', message } }) };
}

function refusal(): Answer {
  const message = 'This charge cannot be refunded at the moment.';
  return { status: 400, body: JSON.stringify({ error: { type: 'invalid_request_error', message } }) };
}

function internalError(): Answer {
  return { status: 500, body: JSON.stringify({ error: { type: 'api_error', message: 'An unknown error occurred' } }) };
}

function send(response: ServerResponse, { status, body, replayed }: Answer): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'request-id': 'req_test',
    ...(replayed && { 'idempotent-replayed': 'true' }),
  });
  response.end(body);
}
