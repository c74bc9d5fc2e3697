import { NativeConnection } from '@temporalio/worker';
import type { Logger, TemporalTarget } from '@widget-store/runtime';
import { retry } from './retry';

/** Logs the first failure, and then one every half minute. */
const logEvery = 60;

/** Connects to Temporal, and waits while it is away. @returns undefined when it was stopped before */
export function connectWithRetry(
  target: TemporalTarget,
  { stop, log }: { stop: AbortSignal; log: Pick<Logger, 'warn'> },
): Promise<NativeConnection | undefined> {
  return retry(() => NativeConnection.connect(nativeOptions(target)), {
    stop,
    onError: (error, attempt) => {
      if (attempt % logEvery === 0) log.warn({ err: error }, 'cannot connect to Temporal yet; trying again');
    },
  });
}

/** The client's options as the native connection takes them. It has no gRPC channel to tune. */
function nativeOptions({ connectionOptions }: TemporalTarget) {
  const { address, apiKey, metadata, tls } = connectionOptions;
  return {
    ...(address === undefined ? {} : { address }),
    ...(typeof apiKey === 'string' ? { apiKey } : {}),
    ...(metadata === undefined ? {} : { metadata }),
    ...(tls === undefined ? {} : { tls }),
    // A checkout's messages are a few kilobytes. Compression costs both sides more CPU than it saves.
    grpcCompression: { codec: 'none' } as const,
  };
}
