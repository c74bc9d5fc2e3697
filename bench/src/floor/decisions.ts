import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const hostname = '127.0.0.1';

/**
 * How the bare api learns that an order is decided, where ours is told by Postgres: one datagram an order, from the worker.
 * Without it a webhook would be answered before its work is done, and a closed loop would measure a growing backlog.
 */
export interface Decisions {
  /** Resolves once the order is decided, or after so many milliseconds: a datagram may get lost. */
  of(orderId: string, withinMs: number): Promise<void>;
  close(): void;
}

export async function listenForDecisions(port: number): Promise<Decisions> {
  const waiting = new Map<string, () => void>();
  const socket = createSocket('udp4');
  socket.on('message', (message) => waiting.get(message.toString())?.());
  socket.bind(port, hostname);
  await once(socket, 'listening');
  return {
    of: (orderId, withinMs) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          waiting.delete(orderId);
          resolve();
        };
        const timer = setTimeout(end, withinMs);
        waiting.set(orderId, end);
      }),
    close: () => socket.close(),
  };
}

/** @returns tells the api that listens on the port */
export function decisionTeller(port: number): (orderId: string) => void {
  const socket = createSocket('udp4').unref();
  return (orderId) => socket.send(orderId, port, hostname);
}
