import { NativeConnection } from '@temporalio/worker';
import type { Logger } from '@widget-store/runtime';
import type { TemporalTarget } from '@widget-store/runtime/temporal';
import { retry } from './retry';

/** The worker logs the first failed attempt and every 60th after it. An attempt takes half a second or more. */
const logEvery = 60;

/** Connects to Temporal, and repeats the attempt until it succeeds. @returns undefined if `stop` was aborted first */
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

/** Converts the client's options to those of the native connection, which has no options for the gRPC channel. */
function nativeOptions({ connectionOptions }: TemporalTarget) {
  const { address, apiKey, metadata, tls } = connectionOptions;
  return {
    ...(address === undefined ? {} : { address }),
    ...(typeof apiKey === 'string' ? { apiKey } : {}),
    ...(metadata === undefined ? {} : { metadata }),
    ...(tls === undefined ? {} : { tls }),
    // The messages of a checkout have a few kilobytes. Compression would cost more CPU time than it is worth.
    grpcCompression: { codec: 'none' } as const,
  };
}
