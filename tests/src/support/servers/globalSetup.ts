import { publishServers } from '../env';
import { keepUntilTeardown } from './keptServers';
import { startSharedServers } from './servers';

export default async function globalSetup(): Promise<void> {
  const running = await startSharedServers();
  publishServers(running.shared);
  keepUntilTeardown(running);
}
