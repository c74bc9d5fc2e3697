import { failureTypes } from '@widget-store/contract';
import { StoreError, toStoreError } from './errors';

/**
 * Bounds a piece of database work in time, including its wait for a connection, and maps its errors. The server's
 * `statement_timeout` ends the work itself; this ends the waiting when the server does not answer at all.
 *
 * @param deadlineMs milliseconds until the caller is told that the database is not available
 * @throws StoreError always of that class
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
