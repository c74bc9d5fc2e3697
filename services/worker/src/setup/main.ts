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
    const common = { connection, namespace, stop, log };
    const complaints = [
      await complaintOf(() => ensureNamespace({ ...common, retentionDays })),
      await complaintOf(() => ensureSearchAttributes(common)),
    ].filter((complaint) => complaint !== undefined);
    await connection.close();
    if (complaints.length > 0) throw new EnvironmentError(complaints.join('\n'));
  }
  if (stop.aborted)
    throw new EnvironmentError(
      `Temporal did not let this program do its work within ${deadlineMs / 1000} s; a line above may say why`,
    );
  log.info({ namespace }, 'the namespace has all that the store needs');
});

/** What a login may not do, so that everything which is left to do by hand is told at once. */
async function complaintOf(step: () => Promise<void>): Promise<string | undefined> {
  try {
    await step();
    return undefined;
  } catch (error) {
    if (error instanceof EnvironmentError) return error.message;
    throw error;
  }
}
