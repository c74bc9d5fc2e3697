import type { ConcurrencyLimit } from './concurrencyLimit';
import { Problem } from '../problem';
import { RecentRequests } from './recentRequests';

export interface AdmissionDeps {
  limit: ConcurrencyLimit;
}

/** How an admitted piece of work may end early. */
interface AdmissionOptions<Result> {
  /** A cheap answer that may be there already, asked for when there is no room; undefined when it is not. */
  known: () => Promise<Result | undefined>;
  /** Aborted when nobody waits for the answer any more: then work that is not begun never is. */
  signal: AbortSignal;
}

/**
 * Lets in as many pieces of work as the store does well at once. What comes on top waits a moment for its turn, or is turned
 * away before anything was done for it: a store that works for clients who are gone has no time for those who are there.
 */
export interface Admission {
  /** @throws Problem `overloaded` with `Retry-After`; the work was then not begun */
  run<Result>(work: () => Promise<Result>, options: AdmissionOptions<Result>): Promise<Result>;
  state(): AdmissionState;
}

export interface AdmissionState {
  limit: number;
  running: number;
  waiting: number;
}

/**
 * So long one may wait, which lets a burst through. Where there has been no room for longer it is no burst, and waiting only
 * makes everybody late: then nobody waits longer than a moment (CoDel, RFC 8289; Maurer, "Fail at Scale", 2015).
 */
const burstMs = 2000;
const standingWaitMs = 100;
const mostWaiting = 200;
/** Looks for an answer that is there already; more of them would take Postgres from the webhooks. */
const mostLooks = 4;

export function createAdmission({ limit }: AdmissionDeps): Admission {
  return new Gate(limit);
}

interface Waiting {
  sinceMs: number;
  begin(this: void): void;
  refuse(this: void): void;
}

class Gate implements Admission {
  private readonly limit: ConcurrencyLimit;
  private readonly recent = new RecentRequests();
  private waiting: Waiting[] = [];
  private running = 0;
  private looks = 0;
  /** Since when there has been no room for more than a moment. */
  private fullSinceMs = 0;
  /** Undefined while there is none. */
  private roomSinceMs: number | undefined = -Infinity;

  constructor(limit: ConcurrencyLimit) {
    this.limit = limit;
  }

  state(): AdmissionState {
    return { limit: this.limit.value, running: this.running, waiting: this.waiting.length };
  }

  async run<Result>(work: () => Promise<Result>, { known, signal }: AdmissionOptions<Result>): Promise<Result> {
    if (!this.hasRoom()) {
      const answer = await this.look(known);
      if (answer !== undefined) return answer;
    }
    await this.turn(signal);
    this.recent.admitted();
    const startedAtMs = performance.now();
    let isDone = false;
    try {
      const result = await work();
      isDone = true;
      return result;
    } finally {
      this.ended(startedAtMs, isDone);
    }
  }

  private hasRoom(): boolean {
    return this.running < this.limit.value;
  }

  private async look<Result>(known: () => Promise<Result | undefined>): Promise<Result | undefined> {
    if (this.looks >= mostLooks) return undefined;
    this.looks += 1;
    try {
      return await known();
    } finally {
      this.looks -= 1;
    }
  }

  private turn(signal: AbortSignal): Promise<void> {
    if (this.hasRoom()) {
      this.begin();
      return Promise.resolve();
    }
    if (this.waiting.length >= mostWaiting) return Promise.reject(this.refusal());
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
      const timer = setTimeout(giveUp, this.isStanding() ? standingWaitMs : burstMs);
      signal.addEventListener('abort', giveUp, { once: true });
      this.waiting.push(waiting);
      if (signal.aborted) giveUp();
    });
  }

  private begin(): void {
    this.running += 1;
    if (this.hasRoom()) return;
    const nowMs = performance.now();
    if (nowMs - (this.roomSinceMs ?? nowMs) > standingWaitMs) this.fullSinceMs = nowMs;
    this.roomSinceMs = undefined;
  }

  private ended(startedAtMs: number, isDone: boolean): void {
    const wasFull = !this.hasRoom();
    this.running -= 1;
    this.limit.ended({ startedAtMs, endedAtMs: performance.now(), isDone, wasFull });
    if (this.hasRoom()) this.roomSinceMs ??= performance.now();
    this.serve();
  }

  private serve(): void {
    for (let next = this.waiting[0]; next !== undefined && this.hasRoom(); next = this.waiting[0]) {
      const isLate = this.isStanding() && performance.now() - next.sinceMs > standingWaitMs;
      if (isLate) next.refuse();
      else next.begin();
    }
  }

  private isStanding(): boolean {
    return performance.now() - this.fullSinceMs > burstMs;
  }

  private refusal(): Problem {
    this.recent.turnedAway();
    return new Problem('overloaded', 'The store has more checkouts than it can take. Nothing was begun for this one.', {
      'Retry-After': String(this.recent.retryAfterSeconds()),
    });
  }
}
