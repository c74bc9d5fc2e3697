import { join } from 'node:path';
import { type Environment, repositoryRoot, runToEnd } from '@widget-store/dev';

/**
 * Runs `make temporal-setup` without the build.
 *
 * @returns its log messages
 * @throws Error if the setup fails
 */
export async function setUpTemporal(environment: Environment): Promise<string[]> {
  const lines: string[] = [];
  await runToEnd({
    name: 'temporal-setup',
    command: process.execPath,
    args: [join(repositoryRoot, 'services/worker/dist/setup/main.js')],
    env: environment,
    deadlineMs: 60_000,
    onLine: (line) => void lines.push(String((JSON.parse(line) as { msg: unknown }).msg)),
  });
  return lines;
}
