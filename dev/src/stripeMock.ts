import { cachedBinary } from './cachedBinary';
import type { Environment } from './childProcess';
import { goInstall } from './goInstall';
import { isAnswered } from './ports';
import type { SuperviseOptions } from './supervisor';

/** Stripe's own check of requests against its OpenAPI document; its answers are canned (github.com/stripe/stripe-mock). */
const version = '0.203.0';

const install = goInstall({
  what: `stripe-mock ${version}`,
  takes: 'about half a minute on 2 cores and 33 MB, once only',
  module: `github.com/stripe/stripe-mock@v${version}`,
  program: 'stripe-mock',
});

/**
 * How to run a stripe-mock on a port of 127.0.0.1.
 *
 * @throws Error when it is not cached and cannot be compiled
 */
export async function stripeMockProcess(options: {
  port: number;
  environment: Environment;
  onProgress?: (text: string) => void;
}): Promise<SuperviseOptions> {
  const { port, environment, onProgress } = options;
  const fileName = `stripe-mock-${version}`;
  const command = await cachedBinary({ fileName, environment, onProgress, sources: [install] });
  return {
    name: 'stripe-mock',
    command,
    // It would take its default port for HTTPS too; this one is any that is free, and nobody asks there.
    args: ['-http-addr', `127.0.0.1:${port}`, '-https-addr', '127.0.0.1:'],
    env: {},
    isReady: () => isAnswered(port),
  };
}
