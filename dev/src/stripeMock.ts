import type { FetchOptions } from './cachedBinary';
import { goProgram, goPrograms } from './goPrograms';
import { isAnswered } from './ports';
import { resolveProgram } from './resolveProgram';
import type { SuperviseOptions } from './supervisor';

/**
 * Returns how to run a stripe-mock on a port of 127.0.0.1: the one on PATH, or else the cached one, which is compiled
 * the first time.
 *
 * @throws Error that says what to install
 */
export async function stripeMockProcess({
  port,
  ...options
}: FetchOptions & { port: number }): Promise<SuperviseOptions> {
  const { version } = goPrograms['stripe-mock'];
  const command = await resolveProgram({
    names: ['stripe-mock'],
    environment: options.environment,
    fetch: () => goProgram('stripe-mock', options),
    missing: 'The tests need stripe-mock, and none is on PATH.',
    remedy: `Install Go 1.22 or newer, or stripe-mock ${version} (https://github.com/stripe/stripe-mock).`,
  });
  return {
    name: 'stripe-mock',
    command,
    // stripe-mock always serves HTTPS as well. If the HTTPS address has no port, stripe-mock chooses a free port.
    args: ['-http-addr', `127.0.0.1:${port}`, '-https-addr', '127.0.0.1:'],
    env: {},
    isReady: () => isAnswered(port),
  };
}
