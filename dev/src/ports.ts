import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { testWorkerId } from './env';

/** A port, and the environment variable that chooses it. */
interface NamedPort {
  name: string;
  port: number;
}

/**
 * The range of ports for tests. Linux and macOS give outgoing connections higher ports, so no connection takes the port
 * of a server that is restarting.
 */
const testPorts = { from: 15_000, to: 32_000 };
/**
 * The number of parts of `testPorts`. Each test process has its own part, because a port that another process has
 * chosen looks free until a server listens on it.
 */
const ranges = 8;
const probeDeadlineMs = 2_000;
/**
 * The ports that were already chosen. They can look free, because their servers do not listen yet or are restarting.
 */
const chosen = new Set<number>();

/**
 * @throws Error with one line for each port of 127.0.0.1 that is taken or given twice. The line names the variable to
 * change.
 */
export async function assertPortsFree(ports: NamedPort[]): Promise<void> {
  const sentences = await Promise.all(
    ports.map(async ({ name, port }, index) => {
      const duplicate = ports.slice(0, index).find((other) => other.port === port);
      if (duplicate) return `port ${port} is given to both ${duplicate.name} and ${name}: set ${name} to another port`;
      if (await isFree(port)) return undefined;
      return `port ${port} is in use: end the program that holds it, or set ${name} to another port`;
    }),
  );
  const busy = sentences.filter((sentence) => sentence !== undefined);
  if (busy.length > 0) throw new Error(busy.join('\n'));
}

/** Returns a free port of 127.0.0.1 for each name, for a test that starts servers. Never returns a port twice. */
export async function freePorts<Name extends string>(...names: Name[]): Promise<Record<Name, number>> {
  const size = Math.floor((testPorts.to - testPorts.from) / ranges);
  const from = testPorts.from + (testWorkerId() % ranges) * size;
  const ports: number[] = [];
  while (ports.length < names.length) {
    const port = randomInt(from, from + size);
    if (chosen.has(port)) continue;
    chosen.add(port);
    if (await isFree(port)) ports.push(port);
  }
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as Record<Name, number>;
}

export async function freePort(): Promise<number> {
  return (await freePorts('port')).port;
}

/**
 * Also tries to connect, because on macOS a process can listen on 127.0.0.1 although another one already listens on all
 * addresses, so `canListen` alone would report such a port as free.
 */
async function isFree(port: number): Promise<boolean> {
  return !(await isAnswered(port)) && (await canListen(port));
}

/** Whether a server accepts TCP connections on this port of 127.0.0.1. */
export function isAnswered(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const answer = (isOpen: boolean): void => {
      socket.destroy();
      resolve(isOpen);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
    socket.setTimeout(1_000, () => answer(false));
  });
}

/** Whether an HTTP server answers a GET of this address with a 2xx status. Rejects if no answer comes. */
export async function answersOk(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(probeDeadlineMs) });
  await response.body?.cancel();
  return response.ok;
}

function canListen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port }, () => server.close(() => resolve(true)));
  });
}
