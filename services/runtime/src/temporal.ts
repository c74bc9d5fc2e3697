import {
  Connection,
  type ConnectionOptions,
  ScheduleClient,
  WorkflowClient,
  type WorkflowClientInterceptor,
} from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';

/** Where Temporal is and how to log in there. */
export interface TemporalTarget {
  connectionOptions: ConnectionOptions;
  namespace: string;
}

/**
 * Reads the standard `TEMPORAL_*` variables (address, namespace, API key, TLS) and the profile file that the Temporal CLI
 * uses, so that a local server, a cluster and Temporal Cloud differ in configuration only.
 */
export function loadTemporalTarget(): TemporalTarget {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return { connectionOptions, namespace: namespace ?? 'default' };
}

const pingDeadlineMs = 2000;

/** gRPC waits up to two minutes between attempts by default; a server that is back is wanted within a second or two. */
const reconnectSoon = {
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.min_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
};

export interface TemporalClient {
  workflows: WorkflowClient;
  schedules: ScheduleClient;
  /** Resolves when Temporal answers. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

/**
 * A client that connects at its first call, so that a process starts while Temporal is away.
 *
 * @param interceptors of tracing; none when it is off
 */
export function openTemporalClient(
  { connectionOptions, namespace }: TemporalTarget,
  interceptors: WorkflowClientInterceptor[] = [],
): TemporalClient {
  const { channelArgs, ...options } = connectionOptions;
  const connection = Connection.lazy({ ...options, channelArgs: { ...reconnectSoon, ...channelArgs } });
  return {
    workflows: new WorkflowClient({ connection, namespace, interceptors }),
    schedules: new ScheduleClient({ connection, namespace }),
    ping: async () => {
      await connection.withDeadline(Date.now() + pingDeadlineMs, () => connection.workflowService.getSystemInfo({}));
    },
    close: () => connection.close(),
  };
}
