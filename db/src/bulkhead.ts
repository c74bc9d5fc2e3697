import { ProductBusy } from './errors';
import { Semaphore } from './semaphore';

/** Runs statements that lock products. */
export interface Bulkhead {
  /** @throws StoreError `ProductBusy` without running the statement, while one of the products is known to be locked */
  run<Result>(productIds: readonly number[], statement: () => Promise<Result>): Promise<Result>;
}

interface BulkheadOptions {
  /** Statements at once, of all products. */
  maxRunning: number;
  maxWaitMs: number;
}

/** One statement writes while the next waits for its lock on the server. More of them would only wait there. */
const maxRunningPerProduct = 2;
/** After a lock timeout, statements for the product are refused for this time, so that they cannot keep connections. */
const busyPauseMs = 1000;

/**
 * Keeps a row that somebody has locked from stopping the store: the statements that wait for it take at most two of the pool's
 * connections, and the statements of all products leave some connections to payments and dispatches.
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
    for (const id of error.productIds) {
      busyUntilMs.set(id, performance.now() + busyPauseMs);
      byProduct.get(id)?.rejectWaiting(error);
    }
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
      // In the order in which the statements lock the rows, so that two carts cannot wait for each other.
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
