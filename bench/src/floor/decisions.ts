import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const hostname = '127.0.0.1';

/**
 * Tells the bare api that an order is decided: the bare worker sends one datagram for each order. Our api learns the
 * decision from Postgres. Without the datagrams, the bare api would answer a webhook before the work is done, and a
 * closed loop would measure a growing backlog.
 */
export interface Decisions {
  /** Resolves when the order is decided, or after `timeoutMs`, because a datagram may get lost. */
  of(orderId: string, timeoutMs: number): Promise<void>;
  close(): void;
}

export async function listenForDecisions(port: number): Promise<Decisions> {
  const waiting = new Map<string, () => void>();
  const socket = createSocket('udp4');
  socket.on('message', (message) => waiting.get(message.toString())?.());
  socket.bind(port, hostname);
  await once(socket, 'listening');
  return {
    of: (orderId, timeoutMs) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          waiting.delete(orderId);
          resolve();
        };
        const timer = setTimeout(end, timeoutMs);
        waiting.set(orderId, end);
      }),
    close: () => socket.close(),
  };
}

/** @returns a function that tells the api on this port that an order is decided */
export function openDecisionSender(port: number): (orderId: string) => void {
  const socket = createSocket('udp4').unref();
  return (orderId) => socket.send(orderId, port, hostname);
}
