import { dirname, join } from 'node:path';
import { reportProgress } from './cachedBinary';
import type { Environment } from './childProcess';
import { findOnPath, isExecutable, resolveProgram, tryInTurn } from './resolveProgram';
import { runToEnd } from './runToEnd';

interface ChromiumOptions {
  environment: Environment;
  /** The sources to try, in this order, if no browser is on PATH. */
  sources?: ChromiumSource[];
}

type ChromiumSource = (environment: Environment) => Promise<string>;

// These names come first, because a headless shell is the same browser without windows and needs half the CPU time.
const shellNames = ['chrome-headless-shell', 'chromium-headless-shell'];
const names = [...shellNames, 'chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];
const playwrightDeadlineMs = 120_000;
const aptDeadlineMs = 5 * 60_000;

/**
 * Returns the path of a Chromium for the browser tests: the one on PATH, or else the one that Playwright downloads, or
 * else the one in Debian's package.
 *
 * @throws Error that says what failed and what to install
 */
export function resolveChromium(options: ChromiumOptions): Promise<string> {
  const { environment, sources = [playwrightChromium, debianChromium] } = options;
  return resolveProgram({
    names,
    environment,
    fetch: () => tryInTurn(sources.map((source) => () => source(environment))),
    missing: 'The browser tests need Chromium, and none is on PATH.',
    remedy: 'Install Chromium or Google Chrome, or run "npx playwright-core install chromium".',
  });
}

const playwrightChromium: ChromiumSource = async (environment) => {
  // Loads Playwright only here, because loading takes half a second, and most users of this package need no browser.
  const { chromium } = await import('playwright-core');
  const path = chromium.executablePath();
  if (await isExecutable(path)) return path;
  reportProgress('downloading Chromium with Playwright');
  await runToEnd({
    name: 'playwright-core install chromium',
    command: process.execPath,
    args: [join(dirname(require.resolve('playwright-core/package.json')), 'cli.js'), 'install', 'chromium'],
    env: environment,
    deadlineMs: playwrightDeadlineMs,
  });
  if (await isExecutable(path)) return path;
  throw new Error('playwright-core install chromium installed no browser');
};

const debianChromium: ChromiumSource = async (environment) => {
  const apt = await findOnPath(['apt-get'], environment);
  if (apt === undefined || process.getuid?.() !== 0)
    throw new Error('installing Chromium with apt-get needs Debian or Ubuntu, and root');
  reportProgress('installing Chromium with apt-get');
  const env = { ...environment, DEBIAN_FRONTEND: 'noninteractive' };
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', 'chromium-headless-shell']]) {
    await runToEnd({ name: `apt-get ${args[0]}`, command: apt, args, env, deadlineMs: aptDeadlineMs });
  }
  const path = await findOnPath(names, environment);
  if (path !== undefined) return path;
  throw new Error('apt-get install chromium-headless-shell put no browser on PATH');
};
