import { setTimeout as delay } from 'node:timers/promises';
import { NativeConnection } from '@temporalio/worker';
import type { Logger, TemporalTarget } from '@widget-store/runtime';

const retryEveryMs = 500;
const tellEvery = 60;

/** Connects to Temporal, waiting for as long as it is away; undefined when the process is asked to stop meanwhile. */
export async function connectWhenThere(
  target: TemporalTarget,
  { stop, log }: { stop: AbortSignal; log: Logger },
): Promise<NativeConnection | undefined> {
  for (let attempt = 0; !stop.aborted; attempt++) {
    try {
      return await NativeConnection.connect(nativeOptions(target));
    } catch (error) {
      if (attempt % tellEvery === 0) log.warn({ err: error }, 'cannot connect to Temporal yet; trying again');
      await delay(retryEveryMs);
    }
  }
  return undefined;
}

/** The client's options in the form of the native connection, which has no gRPC channel of its own to tune. */
function nativeOptions({ connectionOptions }: TemporalTarget) {
  const { address, apiKey, metadata, tls } = connectionOptions;
  return {
    ...(address === undefined ? {} : { address }),
    ...(typeof apiKey === 'string' ? { apiKey } : {}),
    ...(metadata === undefined ? {} : { metadata }),
    ...(tls === undefined ? {} : { tls }),
    // A checkout's messages are a few kilobytes; packing them costs both sides more CPU than it saves of the network.
    grpcCompression: { codec: 'none' } as const,
  };
}
