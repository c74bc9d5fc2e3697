import { cachedBinary } from './cachedBinary';
import type { Environment } from './childProcess';
import { goInstall } from './goInstall';
import { isAnswered } from './ports';
import type { SuperviseOptions } from './supervisor';

/** A TCP proxy that breaks connections on request (github.com/Shopify/toxiproxy). */
const version = '2.12.0';

const install = goInstall({
  what: `toxiproxy ${version}`,
  takes: 'about half a minute on 2 cores and 16 MB, once only',
  module: `github.com/Shopify/toxiproxy/v2/cmd/server@v${version}`,
  program: 'server',
});

/**
 * How to run a toxiproxy whose HTTP API listens on a port of 127.0.0.1.
 *
 * @throws Error when it is not cached and cannot be compiled
 */
export async function toxiproxyProcess(options: {
  port: number;
  environment: Environment;
  onProgress?: (text: string) => void;
}): Promise<SuperviseOptions> {
  const { port, environment, onProgress } = options;
  const fileName = `toxiproxy-${version}`;
  const command = await cachedBinary({ fileName, environment, onProgress, sources: [install] });
  return {
    name: 'toxiproxy',
    command,
    args: ['-host', '127.0.0.1', '-port', String(port)],
    env: { LOG_LEVEL: 'error' },
    isReady: () => isAnswered(port),
  };
}
