import { failureTypes } from '@widget-store/contract';
import { StoreError } from './errors';

interface Waiter {
  expiresAtMs: number;
  resolve(this: void): void;
  reject(this: void, error: StoreError): void;
}

/** Limits how much work runs at the same time. Further work waits in the sequence of its arrival. */
export class Semaphore {
  private readonly max: number;
  private running = 0;
  private waiting: Waiter[] = [];

  constructor(max: number) {
    this.max = max;
  }

  get isUnused(): boolean {
    return this.running === 0 && this.waiting.length === 0;
  }

  /**
   * Waits for a turn.
   *
   * @throws StoreError `DatabaseUnavailable` if the turn comes after more than `maxWaitMs` milliseconds
   */
  acquire(maxWaitMs: number): Promise<void> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ expiresAtMs: performance.now() + maxWaitMs, resolve, reject });
      this.serve();
    });
  }

  release(): void {
    this.running -= 1;
    this.serve();
  }

  private serve(): void {
    while (this.running < this.max) {
      const next = this.waiting.shift();
      if (next === undefined) return;
      if (performance.now() > next.expiresAtMs) {
        next.reject(new StoreError(failureTypes.databaseUnavailable, 'The statements before this one took too long.'));
      } else {
        this.running += 1;
        next.resolve();
      }
    }
  }
}
