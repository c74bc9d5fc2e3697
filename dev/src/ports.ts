import { randomInt } from 'node:crypto';
import { connect, createServer } from 'node:net';
import { testWorkerId } from './env';

/** A port to listen on, and the environment variable that chooses it. */
export interface NamedPort {
  name: string;
  port: number;
}

/** Below the ports that Linux and macOS hand to outgoing connections, so that a restart finds its port still free. */
const testPorts = { from: 15_000, to: 32_000 };
/** Test files that run at the same time choose from ranges of their own: between a choice and its server, a port looks free. */
const ranges = 8;
const probeDeadlineMs = 2_000;
/** What was given away: its server may not listen yet, or has died and comes back. */
const given = new Set<number>();

/**
 * Checks the ports of 127.0.0.1 that are about to be listened on.
 *
 * @throws Error with a line for each port that is taken, which names the variable to change
 */
export async function assertPortsFree(ports: NamedPort[]): Promise<void> {
  const sentences = await Promise.all(
    ports.map(async ({ name, port }, index) => {
      const twin = ports.slice(0, index).find((other) => other.port === port);
      if (twin) return `port ${port} is given to both ${twin.name} and ${name}: set ${name} to another port`;
      if (await isFree(port)) return undefined;
      return `port ${port} is in use: end the program that holds it, or set ${name} to another port`;
    }),
  );
  const busy = sentences.filter((sentence) => sentence !== undefined);
  if (busy.length > 0) throw new Error(busy.join('\n'));
}

/** A free port of 127.0.0.1 for each name, for a test that starts servers. No port is given twice. */
export async function freePorts<Name extends string>(...names: Name[]): Promise<Record<Name, number>> {
  const size = Math.floor((testPorts.to - testPorts.from) / ranges);
  const from = testPorts.from + (testWorkerId() % ranges) * size;
  const ports: number[] = [];
  while (ports.length < names.length) {
    const port = randomInt(from, from + size);
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) ports.push(port);
  }
  // fromEntries forgets which names it was given; they are `names`.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return Object.fromEntries(names.map((name, index) => [name, ports[index]])) as Record<Name, number>;
}

/** One free port of 127.0.0.1. */
export async function freePort(): Promise<number> {
  return (await freePorts('port')).port;
}

/** macOS lets a server listen on 127.0.0.1 beside one on every address, so nobody may answer there either. */
async function isFree(port: number): Promise<boolean> {
  return !(await isAnswered(port)) && (await canListen(port));
}

/** Whether a server takes TCP connections on this port of 127.0.0.1. */
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

/** Whether an HTTP server answers this address with a 2xx. */
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
