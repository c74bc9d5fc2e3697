import { ProductBusy } from './errors';
import { Semaphore } from './semaphore';

/** Limits the number of concurrent statements that lock products. */
export interface Bulkhead {
  /**
   * Runs a statement when its turn comes.
   *
   * @throws StoreError `ProductBusy` while one of the products is known to be locked, and `DatabaseUnavailable` if the
   * turn comes too late. In both cases, the statement does not run
   */
  run<Result>(productIds: readonly number[], statement: () => Promise<Result>): Promise<Result>;
}

interface BulkheadOptions {
  /** How many statements can run at the same time, for all products together. */
  maxRunning: number;
  maxWaitMs: number;
}

/**
 * While one statement keeps a product locked, a second one waits on the server for the lock. A third statement would
 * only occupy a connection.
 */
const maxRunningPerProduct = 2;
/**
 * After a lock timeout, new statements for the locked product are refused for this time, because they would only occupy
 * connections.
 */
const busyPauseMs = 1000;

/**
 * Makes sure that a locked product does not stop the store. The statements for one product occupy at most two
 * connections of the pool. The statements for all products together occupy at most `maxRunning`, so that payments and
 * dispatches find a connection.
 */
export function createBulkhead({ maxRunning, maxWaitMs }: BulkheadOptions): Bulkhead {
  const all = new Semaphore(maxRunning);
  const byProduct = new Map<number, Semaphore>();
  const busyUntilMs = new Map<number, number>();

  function refuseBusy(productIds: readonly number[]): void {
    const busy = productIds.filter((id) => performance.now() < (busyUntilMs.get(id) ?? 0));
    if (busy.length > 0) throw new ProductBusy(busy);
  }

  function markBusy(error: ProductBusy): void {
    for (const id of error.productIds) busyUntilMs.set(id, performance.now() + busyPauseMs);
  }

  function semaphoreOf(productId: number): Semaphore {
    const known = byProduct.get(productId) ?? new Semaphore(maxRunningPerProduct);
    byProduct.set(productId, known);
    return known;
  }

  function release(productIds: readonly number[]): void {
    for (const id of productIds) {
      const semaphore = semaphoreOf(id);
      semaphore.release();
      if (semaphore.isUnused) byProduct.delete(id);
    }
  }

  async function runInTurn<Result>(productIds: readonly number[], statement: () => Promise<Result>): Promise<Result> {
    const acquired: number[] = [];
    try {
      // Turns are acquired in the sequence of the product ids. Otherwise two carts could wait for each other.
      for (const id of [...new Set(productIds)].toSorted((one, other) => one - other)) {
        await semaphoreOf(id).acquire(maxWaitMs);
        acquired.push(id);
      }
      await all.acquire(maxWaitMs);
      try {
        refuseBusy(productIds);
        return await noticingLocks(statement);
      } finally {
        all.release();
      }
    } finally {
      release(acquired);
    }
  }

  async function noticingLocks<Result>(statement: () => Promise<Result>): Promise<Result> {
    try {
      return await statement();
    } catch (error) {
      if (error instanceof ProductBusy) markBusy(error);
      throw error;
    }
  }

  return {
    run: async (productIds, statement) => {
      refuseBusy(productIds);
      return productIds.length === 0 ? statement() : runInTurn(productIds, statement);
    },
  };
}
