import type { RunningServers } from './servers';

/** Jest loads setup and teardown apart; the global object of their process is what they have in common. */
const holder = globalThis as typeof globalThis & { widgetStoreTestServers?: RunningServers };

export function keepUntilTeardown(running: RunningServers): void {
  holder.widgetStoreTestServers = running;
}

export function takeKept(): RunningServers | undefined {
  return holder.widgetStoreTestServers;
}
