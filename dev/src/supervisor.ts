import { setTimeout as delay } from 'node:timers/promises';
import { type Child, type Command, spawnChild } from './childProcess';
import { lastLines } from './lastLines';

export interface SuperviseOptions extends Command {
  /** How the process is called in errors. */
  name: string;
  /** Whether the process does its work; without it a process is ready as soon as it runs. */
  isReady?: () => Promise<boolean>;
  /** Asks the process to end; SIGTERM unless given. */
  stopSignal?: NodeJS.Signals;
  /** How often the program may die before it was ever ready, until it is given up; 3 unless given. */
  startAttempts?: number;
  /** Is given each line of output, and a line of the supervisor's own for each restart. */
  onLine?: (line: string) => void;
  /** Is told of each process that is started. */
  onSpawn?: (pid: number) => void;
}

/** A program that is kept running: when its process dies, another is started. */
export interface SupervisedProcess {
  readonly name: string;
  /** Undefined while no process runs. */
  readonly pid: number | undefined;
  /** How often a process that died has been replaced. */
  readonly restarts: number;
  /** Runs the program again after `stop`; does nothing when it is already to run. */
  start(): void;
  /** Sends a signal to the current process alone. A process that dies of it is replaced. */
  kill(signal: NodeJS.Signals): void;
  /**
   * Asks the process to end, kills its group after `graceMs` milliseconds, and starts no other until `start`. Resolves
   * once nothing of the group is left. May be called again, for example with a shorter grace.
   */
  stop(options?: { graceMs?: number }): Promise<void>;
  /**
   * Resolves when a living process answers its readiness probe.
   *
   * @throws Error with the last lines of output when the deadline (milliseconds) passes, the process is stopped, or the
   * program has died too often without ever having been ready
   */
  whenReady(options: { deadlineMs: number }): Promise<void>;
}

const probeIntervalMs = 50;
const firstRestartMs = 300;
const longestRestartMs = 5_000;
/** A process that was up this long died of something new, so the next restart is quick again. */
const settledMs = 10_000;
/** A program that has never worked and dies this often in a row will not start working by itself. */
const defaultStartAttempts = 3;
const defaultGraceMs = 10_000;

/** Starts a program and keeps it running until it is stopped. */
export function supervise(options: SuperviseOptions): SupervisedProcess {
  const supervisor = new Supervisor(options);
  supervisor.start();
  return supervisor;
}

interface Life {
  child: Child;
  startedAtMs: number;
  /** Set once we ended the process ourselves: its death then says nothing about the program. */
  endedByUs: boolean;
  stopping: boolean;
}

class Supervisor implements SupervisedProcess {
  readonly name: string;
  restarts = 0;
  private readonly options: SuperviseOptions;
  /** Of the latest process only: earlier ones have most likely said the same. */
  private log = lastLines();
  private life: Life | undefined;
  private wanted = false;
  private everReady = false;
  private failedStarts = 0;
  private quickDeaths = 0;
  private failure: Error | undefined;
  private restartTimer: NodeJS.Timeout | undefined;

  constructor(options: SuperviseOptions) {
    this.options = options;
    this.name = options.name;
  }

  get pid(): number | undefined {
    return this.life?.child.pid;
  }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.failure = undefined;
    this.failedStarts = 0;
    this.quickDeaths = 0;
    if (!this.life) this.spawn();
  }

  kill(signal: NodeJS.Signals): void {
    if (!this.life) return;
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') this.life.endedByUs = true;
    this.life.child.signal(signal);
  }

  async stop({ graceMs = defaultGraceMs }: { graceMs?: number } = {}): Promise<void> {
    this.wanted = false;
    clearTimeout(this.restartTimer);
    const life = this.life;
    if (!life) return;
    if (!life.stopping) {
      life.stopping = true;
      life.endedByUs = true;
      life.child.signal(this.options.stopSignal ?? 'SIGTERM');
      // A process that a test has paused would never see the signal.
      life.child.signal('SIGCONT');
    }
    const timer = setTimeout(() => life.child.killGroup(), graceMs);
    await life.child.gone;
    clearTimeout(timer);
  }

  async whenReady({ deadlineMs }: { deadlineMs: number }): Promise<void> {
    const lateAtMs = performance.now() + deadlineMs;
    for (;;) {
      if (this.failure) throw this.failure;
      if (!this.wanted) throw new Error(`${this.name} was stopped before it was ready`);
      const leftMs = lateAtMs - performance.now();
      if (leftMs <= 0) throw new Error(this.log.describe(`${this.name} was not ready within ${deadlineMs / 1000} s`));
      if (await this.isReady(leftMs)) return;
      await delay(Math.min(probeIntervalMs, leftMs));
    }
  }

  /** Asks the living process; an answer that came while it was dying does not count. */
  private async isReady(leftMs: number): Promise<boolean> {
    const life = this.life;
    if (life?.child.pid === undefined || life.endedByUs) return false;
    const answer = this.options.isReady?.() ?? Promise.resolve(true);
    const late = new AbortController();
    const isReady = await Promise.race([
      answer.catch(() => false),
      delay(leftMs, false, { signal: late.signal }).catch(() => false),
    ]);
    late.abort();
    if (!isReady || this.life !== life || life.endedByUs) return false;
    this.everReady = true;
    return true;
  }

  private spawn(): void {
    this.log = lastLines();
    const child = spawnChild(this.options, (line) => this.print(line));
    const life: Life = { child, startedAtMs: performance.now(), endedByUs: false, stopping: false };
    this.life = life;
    if (child.pid !== undefined) this.options.onSpawn?.(child.pid);
    void child.gone.then((how) => this.onGone(life, how));
  }

  private onGone(life: Life, how: string): void {
    this.life = undefined;
    if (!this.wanted) return;
    if (performance.now() - life.startedAtMs >= settledMs) this.quickDeaths = 0;
    if (!this.everReady && !life.endedByUs) this.failedStarts += 1;
    if (this.failedStarts >= (this.options.startAttempts ?? defaultStartAttempts)) {
      this.wanted = false;
      this.failure = new Error(this.log.describe(`${this.name} ${how}, ${this.failedStarts} times in a row`));
      return;
    }
    const waitMs = Math.min(firstRestartMs * 2 ** this.quickDeaths, longestRestartMs);
    this.quickDeaths += 1;
    this.print(`${this.name} ${how}; it is started again in ${waitMs} ms`);
    this.restartTimer = setTimeout(() => {
      this.restarts += 1;
      this.spawn();
    }, waitMs);
  }

  private print(line: string): void {
    this.log.push(line);
    this.options.onLine?.(line);
  }
}
