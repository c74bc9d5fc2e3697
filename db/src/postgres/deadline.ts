import { failureTypes } from '@widget-store/contract';
import { StoreError, toStoreError } from '../errors';

/**
 * Limits how long a caller waits for database work, including the wait for a connection, and maps errors. The server
 * itself cancels long statements (`statement_timeout`). This deadline also ends the wait for a server that does not
 * answer.
 *
 * @throws StoreError `DatabaseUnavailable` after the deadline, and the result of `toStoreError` for every other error
 */
export async function withDeadline<T>(work: Promise<T>, deadlineMs: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const expiry = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(
      () =>
        reject(new StoreError(failureTypes.databaseUnavailable, `The database did not answer in ${deadlineMs} ms.`)),
      deadlineMs,
    );
  });
  try {
    return await Promise.race([work, expiry]);
  } catch (error) {
    throw toStoreError(error);
  } finally {
    clearTimeout(timer);
  }
}
