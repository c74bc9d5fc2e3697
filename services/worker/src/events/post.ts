import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { ClaimedEvent, EventResult } from '@widget-store/db';
import { parseRetryAfter } from '@widget-store/runtime';
import { Webhook } from 'standardwebhooks';
import { type AddressRules, createCheckedLookup } from './addresses';

export interface ReceiverEnv extends AddressRules {
  url: string;
  /** `whsec_` and base64. */
  secret: string;
}

interface Attempt extends Pick<EventResult, 'outcome' | 'result'> {
  retryAfterMs: number | undefined;
}

export interface EventPoster {
  /** Posts an event once. Never rejects: `result` says what went wrong. */
  post(event: ClaimedEvent, signal: AbortSignal): Promise<Attempt>;
  close(): void;
}

const defaultDeadlineMs = 10_000;
/** The store ignores the body of an answer. A short body is read, so that the connection can be used again. */
const maxBodyBytes = 4096;
const bodyDeadlineMs = 1000;

/**
 * Posts events as Standard Webhooks 1.0, signed by the library of that project. Does not follow redirects, because they
 * could lead to another network.
 */
export function createEventPoster(
  { url, secret, ...rules }: ReceiverEnv,
  { maxConnections, deadlineMs = defaultDeadlineMs }: { maxConnections: number; deadlineMs?: number },
): EventPoster {
  const webhook = new Webhook(secret);
  const isTls = new URL(url).protocol === 'https:';
  const agentOptions = { keepAlive: true, maxSockets: maxConnections };
  const agent = isTls ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const lookup = createCheckedLookup(rules);
  const send = (headers: Record<string, string>, body: string, signal: AbortSignal): Promise<IncomingMessage> =>
    new Promise((resolve, reject) => {
      const request = (isTls ? httpsRequest : httpRequest)(url, { method: 'POST', headers, agent, lookup, signal });
      // A timer sets the deadline, because `AbortSignal.any` with the long-lived `signal` would leak memory in Node 20.
      const tooLate = (): void => void request.destroy(new Error(`no answer in ${deadlineMs} ms`));
      const deadline = setTimeout(tooLate, deadlineMs);
      request.once('response', resolve);
      request.on('error', reject);
      request.once('close', () => {
        clearTimeout(deadline);
        // Node reports neither a response nor an error if the server answers with 101.
        reject(new Error('the connection closed without a response'));
      });
      request.end(body);
    });
  return {
    post: async (event, signal) => {
      const { eventId } = event;
      const body = bodyOf(event);
      const sentAt = new Date();
      const headers = {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(body)),
        'webhook-id': eventId,
        'webhook-timestamp': String(Math.floor(sentAt.getTime() / 1000)),
        'webhook-signature': webhook.sign(eventId, sentAt, body),
      };
      try {
        const response = await send(headers, body, signal);
        skipBody(response);
        const { statusCode: status = 0 } = response;
        return {
          outcome: outcomeOf(status),
          result: `status ${status}`,
          retryAfterMs: parseRetryAfter(response.headers['retry-after'], sentAt.getTime()),
        };
      } catch (error) {
        return { outcome: 'refused', result: reasonOf(error), retryAfterMs: undefined };
      }
    },
    close: () => agent.destroy(),
  };
}

/** Standard Webhooks: 410 means that the receiver wants no more events. */
function outcomeOf(status: number): Attempt['outcome'] {
  if (status === 410) return 'gone';
  return status >= 200 && status < 300 ? 'delivered' : 'refused';
}

/** The body of the request. It consists of the same bytes in every attempt. */
function bodyOf({ type, createdAt, data }: ClaimedEvent): string {
  return JSON.stringify({ type, timestamp: createdAt, data });
}

function skipBody(response: IncomingMessage): void {
  let bytes = 0;
  response.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > maxBodyBytes) response.destroy();
  });
  // The outcome depends only on the status, so an error in the body has no effect.
  response.on('error', () => {});
  const tooSlow = setTimeout(() => response.destroy(), bodyDeadlineMs);
  response.once('close', () => clearTimeout(tooSlow));
}

const longestReason = 200;

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message.slice(0, longestReason);
}
