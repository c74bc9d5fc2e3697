import type { FetchOptions } from './cachedBinary';
import { goProgram } from './goPrograms';
import { isAnswered } from './ports';
import type { SuperviseOptions } from './supervisor';

/**
 * Returns how to run a toxiproxy whose HTTP API listens on a port of 127.0.0.1.
 *
 * @throws Error if toxiproxy is not cached and cannot be compiled
 */
export async function toxiproxyProcess({
  port,
  ...options
}: FetchOptions & { port: number }): Promise<SuperviseOptions> {
  return {
    name: 'toxiproxy',
    command: await goProgram('toxiproxy', options),
    args: ['-host', '127.0.0.1', '-port', String(port)],
    env: { LOG_LEVEL: 'error' },
    isReady: () => isAnswered(port),
  };
}
