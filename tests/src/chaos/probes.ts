import { connect } from 'node:net';
import type { Edge } from './proxies';

export interface Probe {
  bytes: number;
  /** The time until the first byte; if no byte came, the duration of the probe. */
  ms: number;
  /** `open` if the connection still existed at the end; otherwise `closed`, or the code of the error. */
  end: string;
}

const withinMs = 2000;

/** Sends the first message of the server's protocol through a proxy, and observes the answer. */
export function probeEdge({ port, speaks }: Pick<Edge, 'port' | 'speaks'>): Promise<Probe> {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    let bytes = 0;
    let firstByteMs: number | undefined;
    const socket = connect({ host: '127.0.0.1', port });
    const done = (end: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ bytes, ms: firstByteMs ?? Date.now() - startedAt, end });
    };
    const timer = setTimeout(() => done('open'), withinMs);
    socket.on('connect', () => socket.write(firstMessages[speaks]));
    socket.on('data', (chunk) => {
      firstByteMs ??= Date.now() - startedAt;
      bytes += chunk.length;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => done(error.code ?? error.message));
    socket.on('end', () => done('closed'));
  });
}

const parameters = Buffer.from('user\0postgres\0database\0widget_store\0\0');

const firstMessages = {
  /** A StartupMessage (PostgreSQL documentation, "Message Formats"). */
  postgres: Buffer.concat([int32(parameters.length + 8), int32(196_608), parameters]),
  /** A connection preface and an empty SETTINGS frame (RFC 9113, section 3.4). */
  temporal: Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]),
  http: Buffer.from('GET /healthz HTTP/1.1\r\nHost: probe\r\n\r\n'),
};

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}
