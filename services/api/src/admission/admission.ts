import type { ConcurrencyLimit, EndedWork } from './concurrencyLimit';
import { Problem } from '../problem';
import { RecentRequests } from './recentRequests';

interface AdmissionOptions<Result> {
  /**
   * Looks for an answer that already exists and makes the work unnecessary. Returns undefined if there is none. Called
   * only while there is no room for more work.
   */
  findAnswer: () => Promise<Result | undefined>;
  /** Aborted when the client disconnects. Waiting work is then refused and never starts. */
  signal: AbortSignal;
}

export interface AdmissionState {
  limit: number;
  running: number;
  waiting: number;
}

/**
 * How long work can wait in the queue. The process is full while as much work runs as the limit allows. If it has been
 * full for at most two seconds, the load is a burst, and work waits for up to two seconds. If it has been full for
 * longer, the load is an overload. A long queue would then make every client wait, but no more work would get done, so
 * work waits for at most 100 ms (CoDel, RFC 8289; Maurer, "Fail at Scale", 2015).
 */
const burstWaitMs = 2000;
const overloadWaitMs = 100;
const maxWaiting = 200;
/**
 * The maximum number of concurrent calls of `findAnswer`. More calls would leave too few Postgres connections for the
 * webhooks.
 */
const maxLookups = 4;

interface Waiting {
  sinceMs: number;
  begin(this: void): void;
  refuse(this: void): void;
}

/**
 * Admits as much concurrent work as the limit allows. Further work waits in a short queue, or is refused before it
 * starts. Without a limit, all work would become slow under load, and the process would spend its time on clients that
 * have already given up.
 */
export class Admission {
  private readonly limit: ConcurrencyLimit;
  private readonly recent = new RecentRequests();
  private waiting: Waiting[] = [];
  private running = 0;
  private lookups = 0;
  /** When the process became full. Stays the same if there was room only for a moment, at most `overloadWaitMs`. */
  private fullSinceMs = 0;
  /** When room became available. Undefined while the process is full. */
  private roomSinceMs: number | undefined = -Infinity;

  constructor(limit: ConcurrencyLimit) {
    this.limit = limit;
  }

  state(): AdmissionState {
    return { limit: this.limit.value, running: this.running, waiting: this.waiting.length };
  }

  /** @throws Problem `overloaded` with `Retry-After`, if the work was refused and never started */
  async run<Result>(work: () => Promise<Result>, { findAnswer, signal }: AdmissionOptions<Result>): Promise<Result> {
    if (!this.hasRoom()) {
      const answer = await this.lookUp(findAnswer);
      if (answer !== undefined) return answer;
    }
    await this.admit(signal);
    this.recent.countAdmitted();
    const startedAtMs = performance.now();
    try {
      const result = await work();
      this.limit.record(this.ended(startedAtMs, true));
      return result;
    } catch (error) {
      // Does not record work that failed because another database session has locked a product. Its duration says
      // nothing about the speed of the store.
      if (!isProductBusy(error)) this.limit.record(this.ended(startedAtMs, false));
      throw error;
    } finally {
      this.end();
    }
  }

  private hasRoom(): boolean {
    return this.running < this.limit.value;
  }

  private async lookUp<Result>(findAnswer: () => Promise<Result | undefined>): Promise<Result | undefined> {
    if (this.lookups >= maxLookups) return undefined;
    this.lookups += 1;
    try {
      return await findAnswer();
    } finally {
      this.lookups -= 1;
    }
  }

  private admit(signal: AbortSignal): Promise<void> {
    if (this.hasRoom()) {
      this.begin();
      return Promise.resolve();
    }
    if (this.waiting.length >= maxWaiting) return Promise.reject(this.refusal());
    return this.wait(signal);
  }

  private wait(signal: AbortSignal): Promise<void> {
    const sinceMs = performance.now();
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', giveUp);
        this.waiting = this.waiting.filter((other) => other !== waiting);
      };
      const waiting: Waiting = {
        sinceMs,
        begin: () => {
          leave();
          this.begin();
          resolve();
        },
        refuse: () => {
          leave();
          reject(this.refusal());
        },
      };
      const giveUp = (): void => waiting.refuse();
      const timer = setTimeout(giveUp, this.isOverloaded() ? overloadWaitMs : burstWaitMs);
      signal.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(waiting);
      if (signal.aborted) giveUp();
    });
  }

  private begin(): void {
    this.running += 1;
    if (this.hasRoom()) return;
    const nowMs = performance.now();
    if (nowMs - (this.roomSinceMs ?? nowMs) > overloadWaitMs) this.fullSinceMs = nowMs;
    this.roomSinceMs = undefined;
  }

  private ended(startedAtMs: number, isDone: boolean): EndedWork {
    return { startedAtMs, endedAtMs: performance.now(), isDone, wasFull: !this.hasRoom() };
  }

  private end(): void {
    this.running -= 1;
    if (this.hasRoom()) this.roomSinceMs ??= performance.now();
    this.admitWaiting();
  }

  private admitWaiting(): void {
    for (let next = this.waiting[0]; next !== undefined && this.hasRoom(); next = this.waiting[0]) {
      const isLate = this.isOverloaded() && performance.now() - next.sinceMs > overloadWaitMs;
      if (isLate) next.refuse();
      else next.begin();
    }
  }

  private isOverloaded(): boolean {
    return performance.now() - this.fullSinceMs > burstWaitMs;
  }

  private refusal(): Problem {
    this.recent.countRefused();
    return new Problem('overloaded', 'The store is busy with other checkouts. It has not started this one.', {
      'Retry-After': String(this.recent.retryAfterSeconds()),
    });
  }
}

function isProductBusy(error: unknown): boolean {
  return error instanceof Problem && error.code === 'product_busy';
}
