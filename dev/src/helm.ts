import { cachedBinary } from './cachedBinary';
import type { Environment } from './childProcess';
import { goInstall } from './goInstall';

/** Renders and checks the chart in deploy/helm (helm.sh). */
const version = '3.22.0';

const install = goInstall({
  what: `helm ${version}`,
  takes: 'about a minute and a half on 2 cores and 110 MB, once only',
  module: `helm.sh/helm/v3/cmd/helm@v${version}`,
  program: 'helm',
});

/**
 * The path of Helm, always of this version, so that the chart is checked by the same one everywhere.
 *
 * @throws Error when it is not cached and cannot be compiled
 */
export function resolveHelmBinary(options: {
  environment: Environment;
  onProgress?: (text: string) => void;
}): Promise<string> {
  return cachedBinary({ fileName: `helm-${version}`, sources: [install], ...options });
}
