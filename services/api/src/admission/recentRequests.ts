const halfLifeSeconds = 5;
const maxRetryAfterSeconds = 30;

/** Counts the requests that were recently admitted and refused. The weight of a request halves every five seconds. */
export class RecentRequests {
  private counts = { admitted: 0, refused: 0 };
  private countedAtMs = performance.now();

  countAdmitted(): void {
    this.decay();
    this.counts.admitted += 1;
  }

  countRefused(): void {
    this.decay();
    this.counts.refused += 1;
  }

  /**
   * How long a refused client must wait. The wait is random, and no longer than it takes to admit all refused clients
   * at the recent rate. If all clients returned at the same time, most of them would be refused again.
   */
  retryAfterSeconds(): number {
    const { admitted, refused } = this.counts;
    const admittedPerSecond = Math.max(admitted, 1) / halfLifeSeconds;
    const spanSeconds = Math.min(refused / admittedPerSecond, maxRetryAfterSeconds - 1);
    return 1 + Math.round(Math.random() * spanSeconds);
  }

  private decay(): void {
    const nowMs = performance.now();
    const share = 0.5 ** ((nowMs - this.countedAtMs) / 1000 / halfLifeSeconds);
    this.countedAtMs = nowMs;
    this.counts = { admitted: this.counts.admitted * share, refused: this.counts.refused * share };
  }
}
