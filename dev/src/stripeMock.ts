import { cachedBinary, type CachedBinaryOptions } from './cachedBinary';
import type { Environment } from './childProcess';
import { messageOf } from './errors';
import { findOnPath } from './findOnPath';
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
 * How to run a stripe-mock on a port of 127.0.0.1: the one on PATH, else the one that an earlier run has compiled, else one that
 * is compiled now.
 *
 * @throws Error that says what to install
 */
export async function stripeMockProcess(options: {
  port: number;
  environment: Environment;
  onProgress?: (text: string) => void;
}): Promise<SuperviseOptions> {
  const { port, environment, onProgress } = options;
  const command =
    (await findOnPath(['stripe-mock'], environment['PATH'])) ?? (await fetched({ environment, onProgress }));
  return {
    name: 'stripe-mock',
    command,
    // It would take its default port for HTTPS too; this one is any that is free, and nobody asks there.
    args: ['-http-addr', `127.0.0.1:${port}`, '-https-addr', '127.0.0.1:'],
    env: {},
    isReady: () => isAnswered(port),
  };
}

async function fetched(options: Pick<CachedBinaryOptions, 'environment' | 'onProgress'>): Promise<string> {
  try {
    return await cachedBinary({ fileName: `stripe-mock-${version}`, ...options, sources: [install] });
  } catch (error) {
    const toDo = `Install Go 1.22 or newer, or stripe-mock ${version} (https://github.com/stripe/stripe-mock).`;
    throw new Error(`There is no stripe-mock to check requests with.\n${messageOf(error)}\n${toDo}`, { cause: error });
  }
}
