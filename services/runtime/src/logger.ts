import pino, { type Logger } from 'pino';

export type { Logger };

/** Structured logs on standard output, one JSON object a line. */
export function createLogger({ service, level = 'info' }: { service: string; level?: string }): Logger {
  return pino({ level, base: { service }, timestamp: pino.stdTimeFunctions.isoTime });
}
