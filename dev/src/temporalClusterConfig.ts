import { join } from 'node:path';

/** Ports of 127.0.0.1: `frontend` is the one for clients, `membership` are those by which the services find each other. */
export interface ClusterPorts {
  frontend: number;
  history: number;
  matching: number;
  worker: number;
  membership: { frontend: number; history: number; matching: number; worker: number };
}

/** What the server keeps in which database, and the schema that its tool knows for it. */
export const databases = {
  runs: { name: 'temporal', schema: 'temporal' },
  visibility: { name: 'temporal_visibility', schema: 'visibility' },
} as const;

/** Certificates in PEM, all of one authority. */
export interface ClusterTls {
  authority: string;
  /** The name in the server's certificate. */
  serverName: string;
  server: { cert: string; key: string };
  /** Of the server's own workers, which are clients too. */
  client: { cert: string; key: string };
}

interface ClusterConfigOptions {
  ports: ClusterPorts;
  postgresPort: number;
  directory: string;
  /** TLS that lets in only clients with a certificate (mTLS); undefined for none. */
  tls?: ClusterTls | undefined;
}

/** Fixed for the life of its databases. Four were best on two cores; production starts with 512 and more. */
const historyShards = 4;

/** The server's configuration (docs.temporal.io/references/configuration), as YAML, of which JSON is a part. */
export function clusterConfig({ ports, postgresPort, directory, tls }: ClusterConfigOptions): unknown {
  const store = (databaseName: string, maxConns: number) => ({
    sql: {
      pluginName: 'postgres12',
      databaseName,
      connectAddr: `127.0.0.1:${postgresPort}`,
      connectProtocol: 'tcp',
      user: 'postgres',
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  });
  const service = (name: keyof ClusterPorts['membership']) => ({
    rpc: { grpcPort: ports[name], membershipPort: ports.membership[name], bindOnLocalHost: true },
  });
  return {
    log: { stdout: true, level: 'error' },
    persistence: {
      defaultStore: 'runs',
      visibilityStore: 'visibility',
      numHistoryShards: historyShards,
      datastores: { runs: store(databases.runs.name, 20), visibility: store(databases.visibility.name, 5) },
    },
    global: {
      membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' },
      ...(tls && { tls: frontendTls(tls) }),
    },
    services: {
      frontend: service('frontend'),
      history: service('history'),
      matching: service('matching'),
      worker: service('worker'),
    },
    clusterMetadata: {
      enableGlobalNamespace: false,
      failoverVersionIncrement: 10,
      masterClusterName: 'active',
      currentClusterName: 'active',
      clusterInformation: {
        active: {
          enabled: true,
          initialFailoverVersion: 1,
          rpcName: 'frontend',
          rpcAddress: `127.0.0.1:${ports.frontend}`,
        },
      },
    },
    dcRedirectionPolicy: { policy: 'noop' },
    dynamicConfigClient: { filepath: join(directory, 'dynamic.yaml'), pollInterval: '60s' },
  };
}

function frontendTls({ authority, serverName, server, client }: ClusterTls) {
  const own = ({ cert, key }: ClusterTls['server']) => ({ certData: inBase64(cert), keyData: inBase64(key) });
  const trusting = { serverName, rootCaData: [inBase64(authority)] };
  return {
    frontend: {
      server: { ...own(server), requireClientAuth: true, clientCaData: [inBase64(authority)] },
      client: trusting,
    },
    systemWorker: { ...own(client), client: trusting },
  };
}

function inBase64(pem: string): string {
  return Buffer.from(pem).toString('base64');
}
