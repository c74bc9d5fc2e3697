const halfLifeSeconds = 5;
const maxRetryAfterSeconds = 30;

/**
 * Counts how many requests were recently admitted, and how many were recently refused. The weight of a request in its
 * count halves every five seconds.
 */
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
   * How long a refused client must wait. The wait is random: if all refused clients returned at the same time, most of
   * them would be refused again. The longest wait is about as long as the store needs to admit all refused clients at
   * its recent rate, but at most 30 seconds.
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
