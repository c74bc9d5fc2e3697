import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';
import type { Environment } from './childProcess';
import { messageOf } from './errors';
import { findOnPath, isExecutable } from './findOnPath';
import { runToEnd } from './runToEnd';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const playwrightDeadlineMs = 120_000;
const aptDeadlineMs = 5 * 60_000;

export interface ChromiumOptions {
  environment: Environment;
  onProgress?: (text: string) => void;
  /** Asked in this order when there is no browser yet; each resolves with a path or says why it has none. */
  sources?: ChromiumSource[];
}

type ChromiumSource = (options: { environment: Environment; onProgress: (text: string) => void }) => Promise<string>;

/**
 * The path of a Chromium for the browser tests: one on PATH, else Playwright's, else the system's package.
 *
 * @throws Error that says what failed and what to install
 */
export async function resolveChromium(options: ChromiumOptions): Promise<string> {
  const { environment, onProgress = () => {}, sources = [playwrightChromium, debianChromium] } = options;
  const onPath = await findOnPath(names, environment['PATH']);
  if (onPath) return onPath;
  const reasons: string[] = [];
  for (const source of sources) {
    try {
      return await source({ environment, onProgress });
    } catch (error) {
      reasons.push(messageOf(error));
    }
  }
  throw new Error(
    [
      'There is no Chromium to run the browser tests in: none is on PATH.',
      ...reasons.map((reason) => `- ${reason}`),
      'Install Chromium or Google Chrome, or run "npx playwright-core install chromium".',
    ].join('\n'),
  );
}

const playwrightChromium: ChromiumSource = async ({ environment, onProgress }) => {
  const path = chromium.executablePath();
  if (await isExecutable(path)) return path;
  onProgress('downloading Chromium with Playwright');
  await runToEnd({
    name: 'playwright-core install chromium',
    command: process.execPath,
    args: [join(dirname(require.resolve('playwright-core/package.json')), 'cli.js'), 'install', 'chromium'],
    env: environment,
    deadlineMs: playwrightDeadlineMs,
  });
  if (await isExecutable(path)) return path;
  throw new Error('playwright-core install chromium left no browser');
};

const debianChromium: ChromiumSource = async ({ environment, onProgress }) => {
  const apt = await findOnPath(['apt-get'], environment['PATH']);
  if (!apt || process.getuid?.() !== 0) throw new Error('apt-get needs a Debian or Ubuntu, and root');
  onProgress('installing Chromium with apt-get');
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive' };
  const run = (args: string[]) =>
    runToEnd({ name: `apt-get ${args[0]}`, command: apt, args, env, deadlineMs: aptDeadlineMs });
  await run(['update']);
  await run(['install', '-y', '--no-install-recommends', 'chromium']);
  const path = await findOnPath(names, environment['PATH']);
  if (path) return path;
  throw new Error('apt-get install chromium left no browser on PATH');
};
