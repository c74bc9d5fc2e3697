export { type ChromiumOptions, resolveChromium } from './chromium';
export type { Environment } from './childProcess';
export { inheritedEnvironment } from './env';
export { gatewayProcess, type GatewaySettings } from './gateway/process';
export { resolveHelmBinary } from './helm';
export { assertPortsFree, freePort, freePorts, type NamedPort } from './ports';
export {
  createDatabase,
  type PostgresOptions,
  postgresProcess,
  postgresUrl,
  type PreparedPostgres,
  preparePostgres,
} from './postgres';
export { type Random, seededRandom } from './random';
export { runToEnd } from './runToEnd';
export { builtPrograms, repositoryRoot, startStore } from './store';
export type { StartedProcess, StartedStore, StoreOptions, StorePrograms } from './storeOptions';
export { supervise, type SupervisedProcess, type SuperviseOptions } from './supervisor';
export { stripeMockProcess } from './stripeMock';
export { toxiproxyProcess } from './toxiproxy';
export { resolveTemporalBinary, type TemporalBinaryOptions } from './temporalBinary';
export { temporalClusterProcess } from './temporalCluster';
export { temporalProcess, type TemporalServerOptions } from './temporalServer';
export { type TemporaryDirectory, temporaryDirectory } from './temporaryDirectory';
