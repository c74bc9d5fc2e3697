import { join } from 'node:path';

type Service = 'frontend' | 'history' | 'matching' | 'worker';

/** The server's databases. `schema` is the name by which the server's schema tool knows the schema of a database. */
export const databases = {
  runs: { name: 'temporal', schema: 'temporal' },
  visibility: { name: 'temporal_visibility', schema: 'visibility' },
} as const;

/** The PEM certificates of one authority. */
export interface ClusterTls {
  authority: string;
  /** The name in the server's certificate. */
  serverName: string;
  server: { cert: string; key: string };
  /** The certificate of the server's own workers, which are clients too. */
  client: { cert: string; key: string };
}

interface ClusterConfigOptions {
  /** Ports on 127.0.0.1. Clients use the port of `frontend`. */
  ports: Record<Service, number>;
  /** The ports through which the services find each other. */
  membershipPorts: Record<Service, number>;
  postgresPort: number;
  directory: string;
  /** If set, the server accepts only clients with a certificate (mTLS). If undefined, the server does not use TLS. */
  tls?: ClusterTls | undefined;
}

/**
 * The number of history shards, which cannot change while the databases exist. Four were fastest on two cores. A
 * large cluster needs at least 512.
 */
const historyShards = 4;

/** Returns the server's configuration (docs.temporal.io/references/configuration). JSON is also valid YAML. */
export function clusterConfig({ ports, membershipPorts, postgresPort, directory, tls }: ClusterConfigOptions): unknown {
  const store = (databaseName: string, maxConns: number) => ({
    sql: {
      pluginName: 'postgres12_pgx',
      databaseName,
      connectAddr: `127.0.0.1:${postgresPort}`,
      connectProtocol: 'tcp',
      user: 'postgres',
      maxConns,
      maxIdleConns: maxConns,
      maxConnLifetime: '1h',
    },
  });
  const service = (name: Service) => ({
    rpc: { grpcPort: ports[name], membershipPort: membershipPorts[name], bindOnLocalHost: true },
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
