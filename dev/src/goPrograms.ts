import { basename, join } from 'node:path';
import { type BinarySource, cachedBinary, type FetchOptions, reportProgress } from './cachedBinary';
import { findOnPath } from './resolveProgram';
import { runToEnd } from './runToEnd';

interface GoProgram {
  /** The program's name in messages, if it differs from its name in the cache. */
  title?: string;
  version: string;
  /** Import path of the main package. */
  path: string;
  /** The time and disk space that the build needs. The text is shown to the person who waits for the build. */
  cost: string;
  /** True if the program's go.mod has replace directives, which `go install` refuses. */
  hasReplaces?: boolean;
  /** A module that we use in a newer version than the program's go.mod asks for. */
  newer?: { module: string; version: string };
}

/** The Go programs that the local environment and the tests run, by their names in the cache. */
export const goPrograms = {
  /** Renders and checks the chart in deploy/helm. */
  helm: {
    version: '3.22.0',
    path: 'helm.sh/helm/v3/cmd/helm',
    cost: 'about a minute and a half on 2 cores, and 110 MB of disk space',
  },
  /** Checks Prometheus's rules. This version belongs to Prometheus 3.15.0, which docker-compose.yml runs. */
  promtool: {
    version: '0.315.0',
    path: 'github.com/prometheus/prometheus/cmd/promtool',
    cost: 'about 4 minutes on 2 cores, and 120 MB of disk space',
    hasReplaces: true,
  },
  /** Checks requests against Stripe's OpenAPI document, and answers with fixed data. */
  'stripe-mock': {
    version: '0.203.0',
    path: 'github.com/stripe/stripe-mock',
    cost: 'about half a minute on 2 cores, and 33 MB of disk space',
  },
  /**
   * The Temporal CLI, which contains the dev server. Later versions need a local module, so Go cannot compile them from
   * its module proxy. A cancelled call can leave this version's SQLite connection interrupted for good. The newer
   * driver repairs that (temporalio/temporal#10427).
   */
  temporal: {
    title: 'the Temporal dev server',
    version: '1.5.1',
    path: 'github.com/temporalio/cli/cmd/temporal',
    newer: { module: 'modernc.org/sqlite', version: '1.51.0' },
    cost: 'about 4 minutes on 2 cores, and 250 MB of disk space',
  },
  /** The Temporal server, in the version that the CLI above contains. */
  'temporal-server': {
    version: '1.29.1',
    path: 'go.temporal.io/server/cmd/server',
    cost: 'about 4 minutes on 2 cores, and 160 MB of disk space',
  },
  'temporal-sql': {
    version: '1.29.1',
    path: 'go.temporal.io/server/cmd/tools/sql',
    cost: 'about a minute on 2 cores, and 60 MB of disk space',
  },
  /** A TCP proxy that breaks connections on request. */
  toxiproxy: {
    version: '2.12.0',
    path: 'github.com/Shopify/toxiproxy/v2/cmd/server',
    cost: 'about half a minute on 2 cores, and 16 MB of disk space',
  },
} as const satisfies Record<string, GoProgram>;

export type GoProgramName = keyof typeof goPrograms;

const deadlineMs = 30 * 60_000;
const progressEveryMs = 10_000;

/**
 * Returns the path of a program, always in the same version. Compiles the program if it is not cached.
 *
 * @throws Error if the program is not cached and cannot be compiled
 */
export function goProgram(name: GoProgramName, options: FetchOptions): Promise<string> {
  return cachedBinary({ ...options, fileName: cachedName(name), sources: [compileGoProgram(name)] });
}

/** Returns the program's name in the cache. The name contains all versions, so another version is compiled again. */
export function cachedName(name: GoProgramName): string {
  const { version, newer }: GoProgram = goPrograms[name];
  return [name, version, ...(newer ? [basename(newer.module), newer.version] : [])].join('-');
}

export function compileGoProgram(name: GoProgramName): BinarySource {
  const { title = name, version, cost, ...program }: GoProgram = goPrograms[name];
  const what = `${title} ${version}`;
  return async ({ directory, environment, onProgress = reportProgress, signal }) => {
    const go = await findOnPath(['go'], environment);
    if (go === undefined) throw new Error(`go is not on PATH, so ${what} cannot be compiled`);
    onProgress(`compiling ${what}: ${cost}, only the first time`);
    const startedAtMs = performance.now();
    const elapsed = () => `${Math.round((performance.now() - startedAtMs) / 1000)} s`;
    let lastLine = '';
    const timer = setInterval(() => onProgress(`compiling ${what} for ${elapsed()}: ${lastLine}`), progressEveryMs);
    try {
      for (const args of buildSteps({ version, ...program })) {
        await runToEnd({
          name: `go ${args[0]} of ${what}`,
          command: go,
          args,
          env: { ...environment, GOBIN: directory },
          cwd: directory,
          deadlineMs,
          signal,
          onLine: (line) => (lastLine = line),
        });
      }
    } finally {
      clearInterval(timer);
    }
    onProgress(`compiled ${what} in ${elapsed()}`);
    return join(directory, basename(program.path));
  };
}

/**
 * Returns the arguments of the `go` calls, which run in an empty directory. A program that `go install` cannot build is
 * built as the tool of an empty module, where the program's replace directives have no effect.
 */
function buildSteps({ path, version, hasReplaces, newer }: Omit<GoProgram, 'title' | 'cost'>): string[][] {
  if (hasReplaces !== true && newer === undefined) return [['install', '-v', `${path}@v${version}`]];
  return [
    ['mod', 'init', 'widget-store/tool'],
    ['get', '-tool', `${path}@v${version}`, ...(newer ? [`${newer.module}@v${newer.version}`] : [])],
    ['build', '-v', '-o', basename(path), path],
  ];
}
