export {
  baseUrlVariable,
  booleanVariable,
  EnvironmentError,
  millisecondsVariable,
  parseEnv,
  portVariable,
  postgresUrlVariable,
} from './environment';
export { healthRoutes } from './health';
export { createLogger, type Logger } from './logger';
export { runProgram, shutdownSignal } from './program';
export { bearerToken, secretMatcher, secretWeakness } from './secrets';
export { type HttpServer, listen } from './server';
export { loadTemporalTarget, openTemporalClient, type TemporalClient, type TemporalTarget } from './temporal';
