import pino, { type DestinationStream, type Logger } from 'pino';
import { logFields } from './logContext';
import { redactSecrets, secretPaths } from './redact';

export type { Logger };

export interface LoggerOptions {
  /** The name of the program, which every line contains. */
  service: string;
  level?: string;
  /** Standard output by default. */
  destination?: DestinationStream;
}

/** Creates a structured log. Each line is a JSON object with the ids of the current work. Secrets are removed. */
export function createLogger({ service, level = 'info', destination }: LoggerOptions): Logger {
  const options = {
    level,
    base: { service },
    timestamp: pino.stdTimeFunctions.isoTime,
    mixin: logFields,
    redact: { paths: secretPaths, censor: '[redacted]' },
    hooks: { streamWrite: redactSecrets },
  };
  return destination === undefined ? pino(options) : pino(options, destination);
}
