import { randomBytes } from 'node:crypto';
import { createServer as createHttpServer, type IncomingMessage, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import type { Certificate } from '../network/certificate';

interface ReceivedEvent {
  /** The `webhook-id`. */
  id: string;
  type: string;
  timestamp: string;
  data: { order_id: string; version: number } & Record<string, unknown>;
  /** The status with which the receiver answered; null if it did not answer. */
  status: number | null;
}

interface Answer {
  status: number | null;
  /** Whether the receiver breaks the connection off instead of answering. */
  drops?: boolean;
  headers?: Record<string, string>;
  body?: string;
}

export interface EventReceiver {
  url: string;
  secret: string;
  /** Every event with a correct signature, in the sequence in which the receiver has chosen its answers. */
  received: ReceivedEvent[];
  /** The events that were accepted with status 200, without their repetitions. */
  accepted(): ReceivedEvent[];
  /** How many requests had no correct signature. */
  forged: number;
  /** Decides how the receiver answers an event. By default the receiver accepts every event. */
  answer: (event: Omit<ReceivedEvent, 'status'>) => Answer | Promise<Answer>;
  close(): Promise<void>;
}

/** Starts a receiver of the store's outgoing events. With a certificate, the receiver accepts only HTTPS. */
export async function startEventReceiver(certificate?: Certificate): Promise<EventReceiver> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const webhook = new Webhook(secret);
  const respond = async (...[request, response]: Parameters<RequestListener>): Promise<void> => {
    const { status, drops, headers, body } = await receive(request);
    if (drops) response.destroy();
    if (status === null) return;
    response.writeHead(status, headers);
    response.end(body);
  };
  const listener: RequestListener = (request, response) => void respond(request, response);
  const server = certificate === undefined ? createHttpServer(listener) : createHttpsServer(certificate, listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const receiver: EventReceiver = {
    url: certificate === undefined ? `http://127.0.0.1:${port}/events` : `https://localhost:${port}/events`,
    secret,
    received: [],
    accepted: () => {
      const accepted = receiver.received.filter(({ status }) => status === 200);
      return [...new Map(accepted.toReversed().map((event) => [event.id, event])).values()].toReversed();
    },
    forged: 0,
    answer: () => ({ status: 200 }),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const receive = async (request: IncomingMessage): Promise<Answer> => {
    const body = await text(request);
    try {
      webhook.verify(body, request.headers as Record<string, string>);
    } catch {
      receiver.forged += 1;
      return { status: 401 };
    }
    const event = {
      id: String(request.headers['webhook-id']),
      ...(JSON.parse(body) as Omit<ReceivedEvent, 'id' | 'status'>),
    };
    const answer = await receiver.answer(event);
    receiver.received.push({ ...event, status: answer.status });
    return answer;
  };
  return receiver;
}
