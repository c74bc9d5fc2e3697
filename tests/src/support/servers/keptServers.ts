import type { RunningServers } from './servers';

/** Jest loads the modules of setup and teardown separately, so the two share the servers through the global object. */
const holder = globalThis as typeof globalThis & { widgetStoreTestServers?: RunningServers };

export function keepUntilTeardown(running: RunningServers): void {
  holder.widgetStoreTestServers = running;
}

export function takeKept(): RunningServers | undefined {
  return holder.widgetStoreTestServers;
}
