import { publishServers } from '../env';
import { keepUntilTeardown } from './keptServers';
import { startSharedServers } from './servers';

/** Starts the shared servers. Jest calls this once in each run. */
export default async function globalSetup(): Promise<void> {
  const running = await startSharedServers();
  publishServers(running.shared);
  keepUntilTeardown(running);
}
