import { EnvironmentError, runProgram } from '@widget-store/runtime';
import { connectWithRetry } from '../connect';
import { ensureNamespace } from './namespace';
import { ensureSearchAttributes } from '../searchAttributes';
import { readSetupEnv } from './env';

const deadlineMs = 60_000;

/** The program behind `make temporal-setup`. It prepares a namespace for the store. Running it again is safe. */
void runProgram('temporal-setup', async (log) => {
  const { temporal, retentionDays } = readSetupEnv();
  const { namespace } = temporal;
  const stop = AbortSignal.timeout(deadlineMs);
  const connection = await connectWithRetry(temporal, { stop, log });
  if (connection !== undefined) {
    const common = { connection, namespace, stop, log };
    // The second step runs even if the first has a complaint, so that the operator sees the complaints of both steps.
    const complaints = [
      await complaintOf(() => ensureNamespace({ ...common, retentionDays })),
      await complaintOf(() => ensureSearchAttributes(common)),
    ].filter((complaint) => complaint !== undefined);
    await connection.close();
    if (complaints.length > 0) throw new EnvironmentError(complaints.join('\n'));
  }
  if (stop.aborted) throw new EnvironmentError(`Temporal was not ready within ${deadlineMs / 1000} s`);
  log.info({ namespace }, 'the namespace has everything that the store needs');
});

async function complaintOf(step: () => Promise<void>): Promise<string | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
    throw error;
  }
}
