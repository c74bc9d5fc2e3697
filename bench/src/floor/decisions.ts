import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const hostname = '127.0.0.1';

/**
 * Lets the bare api wait until an order is paid or cancelled. For each such order, the bare worker sends a datagram to
 * the bare api. Our own api learns the same from Postgres's notifications. Without the datagrams, the bare api would
 * answer a webhook too early, and unfinished work would pile up during a measurement.
 */
export interface Decisions {
  /** Resolves when the order is paid or cancelled, or after `timeoutMs`, because a datagram may get lost. */
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

/** @returns a function that tells the api on this port that an order is paid or cancelled */
export function openDecisionSender(port: number): (orderId: string) => void {
  const socket = createSocket('udp4').unref();
  return (orderId) => socket.send(orderId, port, hostname);
}
