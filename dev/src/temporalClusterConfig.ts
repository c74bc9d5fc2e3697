import { join } from 'node:path';

type Service = 'frontend' | 'history' | 'matching' | 'worker';

/** The server's databases, and the schema of each in its schema tool. */
export const databases = {
  runs: { name: 'temporal', schema: 'temporal' },
  visibility: { name: 'temporal_visibility', schema: 'visibility' },
} as const;

/** PEM certificates of one authority. */
export interface ClusterTls {
  authority: string;
  /** The name in the server's certificate. */
  serverName: string;
  server: { cert: string; key: string };
  /** For the server's own workers, which are clients too. */
  client: { cert: string; key: string };
}

interface ClusterConfigOptions {
  /** Of 127.0.0.1. Clients use that of `frontend`. */
  ports: Record<Service, number>;
  /** Through these the services find each other. */
  membershipPorts: Record<Service, number>;
  postgresPort: number;
  directory: string;
  /** Lets in only clients with a certificate (mTLS); undefined for no TLS. */
  tls?: ClusterTls | undefined;
}

/** Fixed for the life of the databases. Four were best on two cores; a production has at least 512. */
const historyShards = 4;

/** The server's configuration (docs.temporal.io/references/configuration). JSON is also YAML. */
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
