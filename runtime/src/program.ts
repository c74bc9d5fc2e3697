import { EnvironmentError } from './environment';
import { createLogger, type Logger } from './logger';

/**
 * Runs a program to its end. Writes an EnvironmentError to standard error as plain text, and every other error to the
 * log. Either error ends the process with status 1.
 *
 * @param service the name on every log line
 */
export async function runProgram(service: string, main: (log: Logger) => Promise<void>): Promise<void> {
  const log = createLogger({ service });
  try {
    await main(log);
  } catch (error) {
    if (error instanceof EnvironmentError) process.stderr.write(`${service} cannot start:\n${error.message}\n`);
    else log.fatal({ err: error }, `${service} failed`);
    process.exit(1);
  }
}

/** Resolves with the first signal that asks the process to end. A second signal ends the process immediately. */
export function shutdownSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    let asked = false;
    const onSignal = (signal: NodeJS.Signals): void => {
      if (asked) process.exit(1);
      asked = true;
      resolve(signal);
    };
    process.on('SIGTERM', onSignal);
    process.on('SIGINT', onSignal);
  });
}
