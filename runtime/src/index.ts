export { type Backoff, backoffMs, parseRetryAfter } from './backoff';
export {
  baseUrlVariable,
  booleanVariable,
  EnvironmentError,
  millisecondsVariable,
  parseEnv,
  portVariable,
  postgresUrlVariable,
  publicUrlVariable,
  webhookSecretVariable,
} from './environment';
export { healthRoutes, logMissing } from './health';
export { withLogFields } from './logContext';
export { createLogger, type Logger } from './logger';
export { Counter, createRegistry, Gauge, Histogram, metricsRoutes, type Registry } from './metrics';
export { observeStore } from './observeStore';
export { pause } from './pause';
export { runProgram, shutdownSignal } from './program';
export { bearerToken, secretMatcher, secretWeakness } from './secrets';
export { type HttpServer, listen } from './server';
