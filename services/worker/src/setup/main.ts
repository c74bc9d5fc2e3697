import { EnvironmentError, runProgram } from '@widget-store/runtime';
import { connectWhenThere } from '../connect';
import { ensureNamespace } from './namespace';
import { ensureSearchAttributes } from '../searchAttributes';
import { readSetupEnv } from './env';

const deadlineMs = 60_000;

/** `make temporal-setup`: prepares a namespace for the store, once or as often as one likes. */
void runProgram('temporal-setup', async (log) => {
  const { temporal, retentionDays } = readSetupEnv();
  const { namespace } = temporal;
  const stop = AbortSignal.timeout(deadlineMs);
  const connection = await connectWhenThere(temporal, { stop, log });
  if (connection !== undefined) {
    await ensureNamespace({ connection, namespace, retentionDays, stop, log });
    await ensureSearchAttributes({ connection, namespace, stop, log });
    await connection.close();
  }
  if (stop.aborted) throw new EnvironmentError(`Temporal did not answer within ${deadlineMs / 1000} s`);
  log.info({ namespace }, 'the namespace has all that the store needs');
});
