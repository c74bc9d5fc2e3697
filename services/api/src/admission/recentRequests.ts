const halfLifeSeconds = 5;
const longestRetryAfterSeconds = 30;

/** How many were let in and turned away of late: older requests count less and less. */
export class RecentRequests {
  private counts = { admitted: 0, turnedAway: 0 };
  private atMs = performance.now();

  admitted(): void {
    this.fade();
    this.counts.admitted += 1;
  }

  turnedAway(): void {
    this.fade();
    this.counts.turnedAway += 1;
  }

  /**
   * Those who were turned away come back over as many seconds as it takes to let all of them in, at the pace of late; each
   * at another moment, by chance, because together they would be turned away again.
   */
  retryAfterSeconds(): number {
    const { admitted, turnedAway } = this.counts;
    const admittedPerSecond = Math.max(admitted, 1) / halfLifeSeconds;
    const spanSeconds = Math.min(turnedAway / admittedPerSecond, longestRetryAfterSeconds - 1);
    return 1 + Math.round(Math.random() * spanSeconds);
  }

  private fade(): void {
    const nowMs = performance.now();
    const share = 0.5 ** ((nowMs - this.atMs) / 1000 / halfLifeSeconds);
    this.atMs = nowMs;
    this.counts = { admitted: this.counts.admitted * share, turnedAway: this.counts.turnedAway * share };
  }
}
