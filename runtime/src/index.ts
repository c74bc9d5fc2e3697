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
export { createPayloadCodec, type Payload, type PayloadCodec, PayloadKeyError } from './payloadCodec';
export { pause } from './pause';
export { type PayloadKeys, payloadKeysVariable } from './payloadKeys';
export { runProgram, shutdownSignal } from './program';
export { outcomeOf, isUnknownRun, readHistory, type RunHistory } from './runHistory';
export { type ServiceEnv, serviceEnv, serviceVariables } from './serviceVariables';
export { bearerToken, secretMatcher, secretWeakness } from './secrets';
export { type HttpServer, listen } from './server';
export { loadTemporalTarget, openTemporalClient, type TemporalClient, type TemporalTarget } from './temporal';
