import {
  type ClientHttp2Session,
  connect,
  constants,
  createSecureServer,
  type Http2Session,
  type IncomingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import type { AddressInfo } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Certificate } from '../support/network/certificate';

export interface TlsFrontendOptions {
  /** The `host:port` of a Temporal server without TLS. */
  target: string;
  certificate: Certificate;
  /** If set, only clients with a certificate of this authority may connect (mTLS). */
  clientAuthority?: string;
  /** If set, only calls with this key are accepted, as in Temporal Cloud. */
  apiKey?: string;
}

/** A TLS frontend in front of a Temporal server. To clients it looks like a server with TLS, or like Temporal Cloud. */
export interface TlsFrontend {
  address: string;
  /** The common names in the certificates of clients that have made a call. */
  clients: Set<string>;
  /** The number of accepted calls. */
  passed(): number;
  close(): Promise<void>;
}

/** The headers of an answer with gRPC status UNAUTHENTICATED. */
const unauthenticated = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '16' };

export async function startTlsFrontend(options: TlsFrontendOptions): Promise<TlsFrontend> {
  const { target, certificate, clientAuthority, apiKey } = options;
  const mutual = clientAuthority && { ca: clientAuthority, requestCert: true, rejectUnauthorized: true };
  const server = createSecureServer({ ...certificate, ...mutual });
  const sessions = new Set<Http2Session>();
  const behind = new Map<Http2Session, ClientHttp2Session>();
  const clients = new Set<string>();
  let passed = 0;

  server.on('session', (session) => {
    const forwarded = connect(`http://${target}`);
    forwarded.on('error', () => session.destroy());
    session.on('error', () => forwarded.destroy());
    session.on('close', () => forwarded.close());
    behind.set(session, forwarded);
    for (const each of [session, forwarded]) sessions.add(each);
  });
  server.on('stream', (stream, headers) => {
    const forwarded = stream.session && behind.get(stream.session);
    if (forwarded === undefined) return stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    if (apiKey !== undefined && headers.authorization !== `Bearer ${apiKey}`) {
      return stream.respond(unauthenticated, { endStream: true });
    }
    const { socket } = stream.session ?? {};
    if (mutual && socket instanceof TLSSocket) clients.add(String(socket.getPeerCertificate().subject.CN));
    passed += 1;
    forward(stream, headers, forwarded);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    address: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    clients,
    passed: () => passed,
    close: async () => {
      for (const session of sessions) session.destroy();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

/** Forwards one call. The gRPC status comes in the trailers, after the body of the answer. */
function forward(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, session: ClientHttp2Session): void {
  const call = session.request({ ...headers, ':scheme': 'http' });
  let trailers: IncomingHttpHeaders = {};
  call.on('response', (answer, flags) => {
    const isAll = (flags & constants.NGHTTP2_FLAG_END_STREAM) !== 0;
    if (!stream.headersSent && !stream.destroyed) stream.respond(answer, { endStream: isAll, waitForTrailers: !isAll });
  });
  call.on('trailers', (last) => (trailers = last));
  call.on('error', () => stream.close(constants.NGHTTP2_INTERNAL_ERROR));
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.on('error', () => call.close(constants.NGHTTP2_CANCEL));
  stream.on('close', () => call.close(constants.NGHTTP2_CANCEL));
  stream.pipe(call);
  call.pipe(stream);
}
