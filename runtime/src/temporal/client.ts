import {
  Connection,
  type ConnectionOptions,
  defaultGrpcRetryOptions,
  makeGrpcRetryInterceptor,
  ScheduleClient,
  WorkflowClient,
  type WorkflowClientInterceptor,
} from '@temporalio/client';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { cancelAtDeadline } from './cancelAtDeadline';
import { createPayloadCodec } from './payloadCodec';
import type { PayloadKeys } from './payloadKeys';

/** The address of Temporal, the credentials, and the keys that encrypt payloads. */
export interface TemporalTarget {
  connectionOptions: ConnectionOptions;
  namespace: string;
  /** Undefined if the process neither encrypts nor decrypts payloads. */
  payloadKeys: PayloadKeys | undefined;
}

/**
 * Reads the standard `TEMPORAL_*` variables (address, namespace, API key, TLS) and the profile file of the Temporal
 * CLI. The same code therefore works with a local server, a cluster and Temporal Cloud.
 */
export function loadTemporalTarget(payloadKeys?: PayloadKeys): TemporalTarget {
  const { connectionOptions, namespace } = loadClientConnectConfig();
  return { connectionOptions, namespace: namespace ?? 'default', payloadKeys };
}

const pingDeadlineMs = 2000;

/**
 * By default, gRPC waits up to two minutes between attempts. The store must reconnect to a restarted server within a
 * second or two.
 */
const fastReconnect = {
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
 * Creates a client that connects at its first call, so a process can start before Temporal.
 * @param interceptors the interceptors of tracing
 */
export function openTemporalClient(
  { connectionOptions, namespace, payloadKeys }: TemporalTarget,
  interceptors?: WorkflowClientInterceptor[],
): TemporalClient {
  const { channelArgs, ...others } = connectionOptions;
  const connection = Connection.lazy({
    ...others,
    channelArgs: { ...fastReconnect, ...channelArgs },
    interceptors: [makeGrpcRetryInterceptor(defaultGrpcRetryOptions()), cancelAtDeadline],
  });
  const dataConverter = payloadKeys && { payloadCodecs: [createPayloadCodec(payloadKeys)] };
  const options = { connection, namespace, ...(dataConverter && { dataConverter }) };
  return {
    // Closed runs are not queried: Postgres has their result, and possibly no worker has their code any more.
    workflows: new WorkflowClient({
      ...options,
      ...(interceptors && { interceptors }),
      queryRejectCondition: 'NOT_OPEN',
    }),
    schedules: new ScheduleClient(options),
    ping: async () => {
      await connection.withDeadline(Date.now() + pingDeadlineMs, () => connection.workflowService.getSystemInfo({}));
    },
    close: () => connection.close(),
  };
}
