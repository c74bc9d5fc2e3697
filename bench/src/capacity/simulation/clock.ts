/** A clock that jumps from one event to the next: whatever is due first happens first, and of two at once the one planned first. */
export class Clock {
  nowMs = 0;
  private readonly heap: Event[] = [];
  private planned = 0;

  after(delayMs: number, happen: () => void): void {
    this.push({ atMs: this.nowMs + delayMs, order: this.planned++, happen });
  }

  /** Runs until nothing is planned before that moment. */
  runUntil(endMs: number): void {
    for (let next = this.heap[0]; next !== undefined && next.atMs < endMs; next = this.heap[0]) {
      this.pop();
      this.nowMs = next.atMs;
      next.happen();
    }
    this.nowMs = endMs;
  }

  private push(event: Event): void {
    let index = this.heap.length;
    this.heap.push(event);
    while (index > 0) {
      const parent = (index - 1) >> 1;
      const above = this.heap[parent];
      if (above === undefined || !isBefore(event, above)) break;
      this.heap[index] = above;
      index = parent;
    }
    this.heap[index] = event;
  }

  private pop(): void {
    const last = this.heap.pop();
    if (last === undefined || this.heap.length === 0) return;
    let index = 0;
    for (;;) {
      const [left, right] = [this.heap[2 * index + 1], this.heap[2 * index + 2]];
      if (left === undefined) break;
      const isRight = right !== undefined && isBefore(right, left);
      const below = isRight ? right : left;
      if (!isBefore(below, last)) break;
      this.heap[index] = below;
      index = 2 * index + (isRight ? 2 : 1);
    }
    this.heap[index] = last;
  }
}

interface Event {
  atMs: number;
  order: number;
  happen: () => void;
}

function isBefore(one: Event, other: Event): boolean {
  return one.atMs < other.atMs || (one.atMs === other.atMs && one.order < other.order);
}
