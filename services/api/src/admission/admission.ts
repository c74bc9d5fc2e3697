import type { ConcurrencyLimit } from './concurrencyLimit';
import { Problem } from '../problem';
import { RecentRequests } from './recentRequests';

interface AdmissionOptions<Result> {
  /** Looks for an answer that exists already, only while the store is full; undefined when there is none. */
  findAnswer: () => Promise<Result | undefined>;
  /** Aborted when the client has disconnected: work that has not begun is then dropped. */
  signal: AbortSignal;
}

export interface AdmissionState {
  limit: number;
  running: number;
  waiting: number;
}

/**
 * The longest wait in the queue. A burst may queue for two seconds. Where the process has been full for longer than
 * that, it is no burst, and a long queue only delays everybody: then nobody waits for more than 100 ms (CoDel, RFC
 * 8289; Maurer, "Fail at Scale", 2015).
 */
const burstWaitMs = 2000;
const overloadWaitMs = 100;
const maxWaiting = 200;
/** Concurrent calls of `findAnswer`; more of them would take connections to Postgres from the webhooks. */
const maxLookups = 4;

interface Waiting {
  sinceMs: number;
  begin(this: void): void;
  refuse(this: void): void;
}

/**
 * Admits as many pieces of work as the limit allows. More of them wait in a short queue, or are refused before anything
 * was done for them: work for clients who have given up would take time from the others.
 */
export class Admission {
  private readonly limit: ConcurrencyLimit;
  private readonly recent = new RecentRequests();
  private waiting: Waiting[] = [];
  private running = 0;
  private lookups = 0;
  /** Start of the current stretch without room, short gaps included. */
  private fullSinceMs = 0;
  /** Undefined while there is no room. */
  private roomSinceMs: number | undefined = -Infinity;

  constructor(limit: ConcurrencyLimit) {
    this.limit = limit;
  }

  state(): AdmissionState {
    return { limit: this.limit.value, running: this.running, waiting: this.waiting.length };
  }

  /** @throws Problem `overloaded` with `Retry-After`; the work was then not begun */
  async run<Result>(work: () => Promise<Result>, { findAnswer, signal }: AdmissionOptions<Result>): Promise<Result> {
    if (!this.hasRoom()) {
      const answer = await this.lookUp(findAnswer);
      if (answer !== undefined) return answer;
    }
    await this.admit(signal);
    this.recent.countAdmitted();
    const startedAtMs = performance.now();
    let isDone = false;
    try {
      const result = await work();
      isDone = true;
      return result;
    } finally {
      this.end(startedAtMs, isDone);
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

  private end(startedAtMs: number, isDone: boolean): void {
    const wasFull = !this.hasRoom();
    this.running -= 1;
    this.limit.record({ startedAtMs, endedAtMs: performance.now(), isDone, wasFull });
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
    return new Problem('overloaded', 'The store has more checkouts than it can take. Nothing was begun for this one.', {
      'Retry-After': String(this.recent.retryAfterSeconds()),
    });
  }
}
