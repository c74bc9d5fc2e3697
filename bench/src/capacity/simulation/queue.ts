import type { Clock } from './clock';

/** Servers that are taken in the order of asking: one is a lock, several are processes that poll one queue. */
export class Queue {
  /** Milliseconds that each waited who was served since the last `forget`. */
  waitsMs: number[] = [];
  private busyMs = 0;
  private since = 0;
  private free: number;
  private readonly waiting: { sinceMs: number; begin: () => void }[] = [];
  private first = 0;

  private readonly clock: Clock;
  private readonly servers: number;

  constructor(clock: Clock, servers = 1) {
    this.clock = clock;
    this.servers = servers;
    this.free = servers;
  }

  /** Calls back once a server is there, which stays taken until `release`. */
  acquire(begin: () => void): void {
    this.waiting.push({ sinceMs: this.clock.nowMs, begin });
    this.serve();
  }

  /** @param heldMs for how long the server was taken */
  release(heldMs: number): void {
    this.busyMs += heldMs;
    this.free += 1;
    this.serve();
  }

  /** Takes a server for so long, then calls back. */
  use(heldMs: number, then: () => void = () => {}): void {
    this.acquire(() =>
      this.clock.after(heldMs, () => {
        this.release(heldMs);
        then();
      }),
    );
  }

  /** What was until now was warming up. */
  forget(): void {
    this.waitsMs = [];
    this.busyMs = 0;
    this.since = this.clock.nowMs;
  }

  /** How much of the servers' time was taken since the last `forget`, 0 to 1. */
  busyShare(): number {
    return this.busyMs / (this.clock.nowMs - this.since) / this.servers;
  }

  private serve(): void {
    while (this.free > 0) {
      const next = this.waiting[this.first];
      if (next === undefined) return;
      this.first += 1;
      // Those who were served are let go now and then: taking each off the front would move all others.
      if (this.first > 1000) {
        this.waiting.splice(0, this.first);
        this.first = 0;
      }
      this.free -= 1;
      this.waitsMs.push(this.clock.nowMs - next.sinceMs);
      next.begin();
    }
  }
}
