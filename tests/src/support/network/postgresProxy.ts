import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import { type Certificate, selfSignedCertificate } from './certificate';

export interface PostgresProxyOptions {
  /** If true, the proxy offers TLS to its clients. The proxy connects to Postgres without TLS. */
  tls?: boolean;
  /**
   * While this function returns true, the proxy drops the notifications of `LISTEN`, as PgBouncer does in transaction
   * mode.
   *
   * @param connection the number of the connection, from 1
   */
  dropsNotifications?: (connection: number) => boolean;
}

/** A proxy between a program and Postgres. It can break connections, as a faulty network does. */
export interface PostgresProxy {
  url: string;
  readonly cuts: number;
  /** The number of Execute messages that the clients have sent. */
  readonly statements: number;
  /** Cuts every open connection, with a TCP reset or a regular close. */
  cut(how: 'reset' | 'end'): void;
  /**
   * Cuts each new connection after the first `answeredBytes()` bytes of Postgres's answers, alternately with a reset
   * and a close.
   */
  cutEachAfter(answeredBytes: () => number): void;
  /** Drops all further data of the open connections, but keeps the connections open. */
  swallow(): void;
  /** Stops cutting new connections. */
  heal(): void;
  close(): void;
}

interface Pair {
  client: Socket;
  upstream: Socket;
  /** The socket with the client's unencrypted data: the client's own socket, or the TLS socket on top of it. */
  plain: Socket;
}

/**
 * The length of a request for TLS. The server answers `S` to accept it and `N` to refuse it (PostgreSQL documentation,
 * "SSL Session Encryption").
 */
const sslRequestBytes = 8;
const tlsAccepted = 'S';

export async function startPostgresProxy(
  databaseUrl: string,
  { tls = false, dropsNotifications }: PostgresProxyOptions = {},
): Promise<PostgresProxy> {
  const url = new URL(databaseUrl);
  const target = { host: url.hostname, port: Number(url.port) };
  const certificate = tls ? selfSignedCertificate() : undefined;
  const pairs = new Set<Pair>();
  let cuts = 0;
  let statements = 0;
  let accepted = 0;
  let bytesLeft = (): number => Number.POSITIVE_INFINITY;
  const cutOne = (pair: Pair, how: 'reset' | 'end'): void => {
    if (!pairs.delete(pair)) return;
    cuts++;
    if (how === 'reset') pair.client.resetAndDestroy();
    else pair.client.destroy();
    pair.upstream.destroy();
  };
  const accept = async (client: Socket): Promise<void> => {
    const connection = ++accepted;
    const pair = await pairUp(client, { target, certificate });
    pairs.add(pair);
    let left = bytesLeft();
    const filter = dropsNotifications && notificationFilter(() => dropsNotifications(connection));
    const executes = executeCounter();
    pair.plain.on('data', (sent: Buffer) => (statements += executes(sent)));
    pair.upstream.on('data', (received: Buffer) => {
      const answer = filter === undefined ? received : filter(received);
      pair.plain.write(answer.subarray(0, Math.max(0, left)));
      left -= answer.length;
      if (left < 0) setImmediate(() => cutOne(pair, cuts % 2 === 0 ? 'reset' : 'end'));
    });
    pair.client.on('close', () => pairs.delete(pair));
  };
  const server = createServer((client) => void accept(client)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  url.port = String((server.address() as AddressInfo).port);
  if (tls) url.searchParams.set('sslmode', 'require');
  return {
    url: url.href,
    get cuts() {
      return cuts;
    },
    get statements() {
      return statements;
    },
    cut: (how) => pairs.forEach((pair) => cutOne(pair, how)),
    cutEachAfter: (answeredBytes) => (bytesLeft = answeredBytes),
    heal: () => (bytesLeft = () => Number.POSITIVE_INFINITY),
    swallow: () => pairs.forEach(({ plain, upstream }) => [plain, upstream].forEach(becomeDeaf)),
    close: () => {
      pairs.forEach(({ client, upstream }) => [client, upstream].forEach((socket) => socket.destroy()));
      server.close();
    },
  };
}

/** The type of a NotificationResponse. Source: PostgreSQL documentation, "Message Formats". */
const notificationType = 'A'.charCodeAt(0);
const headBytes = 5;

/** Passes on whole messages of Postgres, except notifications while `dropsNotifications` returns true. */
function notificationFilter(dropsNotifications: () => boolean): (received: Buffer) => Buffer {
  let rest = Buffer.alloc(0);
  return (received) => {
    rest = Buffer.concat([rest, received]);
    const passed: Buffer[] = [];
    while (rest.length >= headBytes) {
      const length = 1 + rest.readUInt32BE(1);
      if (rest.length < length) break;
      if (rest[0] !== notificationType || !dropsNotifications()) passed.push(rest.subarray(0, length));
      rest = rest.subarray(length);
    }
    return Buffer.concat(passed);
  };
}

const executeType = 'E'.charCodeAt(0);

/** Counts a client's Execute messages. The client's first message starts the session and has no type. */
function executeCounter(): (sent: Buffer) => number {
  let rest = Buffer.alloc(0);
  let typeBytes = 0;
  return (sent) => {
    let found = 0;
    rest = Buffer.concat([rest, sent]);
    while (rest.length >= headBytes) {
      const length = typeBytes + rest.readUInt32BE(typeBytes);
      if (rest.length < length) break;
      if (typeBytes === 1 && rest[0] === executeType) found += 1;
      typeBytes = 1;
      rest = rest.subarray(length);
    }
    return found;
  };
}

async function pairUp(
  client: Socket,
  { target, certificate }: { target: { host: string; port: number }; certificate: Certificate | undefined },
): Promise<Pair> {
  client.on('error', () => {});
  const plain = certificate === undefined ? client : await startTls(client, certificate);
  const upstream = connect(target);
  for (const socket of [plain, upstream]) socket.on('error', () => {});
  plain.on('data', (statement: Buffer) => upstream.write(statement));
  client.on('close', () => upstream.destroy());
  upstream.on('close', () => client.destroy());
  return { client, upstream, plain };
}

async function startTls(client: Socket, certificate: Certificate): Promise<Socket> {
  await once(client, 'readable');
  client.read(sslRequestBytes);
  client.write(tlsAccepted);
  return new TLSSocket(client, { isServer: true, ...certificate });
}

function becomeDeaf(socket: Socket): void {
  socket.removeAllListeners('data');
  socket.resume();
}
