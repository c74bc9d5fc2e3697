import { setTimeout as delay } from 'node:timers/promises';
import { type Child, type Command, spawnChild } from './childProcess';
import { lastLines } from './lastLines';

export interface SuperviseOptions extends Command {
  /** The program's name in errors. */
  name: string;
  /** Without a probe, a process is ready as soon as it runs. */
  isReady?: () => Promise<boolean>;
  /** The signal that asks the process to end; SIGTERM by default. */
  stopSignal?: NodeJS.Signals;
  /** The supervisor gives up when the process has died this many times without ever being ready; 3 by default. */
  startAttempts?: number;
  /** Called with each line of output, and with a line of the supervisor for each restart. */
  onLine?: (line: string) => void;
  /**
   * Called once, with a function that kills the process, so that a new process replaces it. Returns a handler that gets
   * each line of output.
   */
  watch?: (replace: () => void) => (line: string) => void;
  onSpawn?: (pid: number) => void;
}

/** A program that is kept running: if its process dies, a new process replaces it. */
export interface SupervisedProcess {
  readonly name: string;
  /** Undefined while no process runs. */
  readonly pid: number | undefined;
  /** The number of processes that have replaced one that died. */
  readonly restarts: number;
  /** Runs the program again after `stop`, or after the supervisor has given up. */
  start(): void;
  /** Sends a signal to the current process only. If the signal ends the process, a new process replaces it. */
  kill(signal: NodeJS.Signals): void;
  /**
   * Asks the process to end, and kills its group if it has not ended after `graceMs` milliseconds. Starts no new
   * process until `start` is called. Resolves when no process of the group is left. A second call can shorten
   * `graceMs`.
   */
  stop(options?: { graceMs?: number }): Promise<void>;
  /**
   * Resolves when the process answers its readiness probe.
   *
   * @throws Error with the last lines of output if the deadline passes or the supervisor has given up
   * @throws Error if the process is stopped
   */
  whenReady(options: { deadlineMs: number }): Promise<void>;
}

const probeIntervalMs = 50;
const firstRestartMs = 300;
const longestRestartMs = 5_000;
/** If a process ran at least this long, the wait before the next restart is short again. */
const settledMs = 10_000;
const defaultStartAttempts = 3;
const defaultGraceMs = 10_000;

/** Starts a program and keeps it running until it is stopped. */
export function supervise(options: SuperviseOptions): SupervisedProcess {
  const supervisor = new Supervisor(options);
  supervisor.start();
  return supervisor;
}

interface Run {
  child: Child;
  startedAtMs: number;
  /** True if the supervisor ended the process. Such an end is not counted as a failed start. */
  endedByUs: boolean;
  stopping: boolean;
}

class Supervisor implements SupervisedProcess {
  readonly name: string;
  restarts = 0;
  private readonly options: SuperviseOptions;
  private readonly watchLine: ((line: string) => void) | undefined;
  /**
   * Contains the output of the current process only, because earlier processes have probably printed the same lines.
   */
  private log = lastLines();
  private run: Run | undefined;
  private wanted = false;
  private everReady = false;
  private failedStarts = 0;
  private quickDeaths = 0;
  private failure: Error | undefined;
  private restartTimer: NodeJS.Timeout | undefined;

  constructor(options: SuperviseOptions) {
    this.options = options;
    this.watchLine = options.watch?.(() => this.kill('SIGKILL'));
    this.name = options.name;
  }

  get pid(): number | undefined {
    return this.run?.child.pid;
  }

  start(): void {
    if (this.wanted) return;
    this.wanted = true;
    this.failure = undefined;
    this.failedStarts = 0;
    this.quickDeaths = 0;
    if (!this.run) this.spawn();
  }

  kill(signal: NodeJS.Signals): void {
    if (!this.run) return;
    if (signal !== 'SIGSTOP' && signal !== 'SIGCONT') this.run.endedByUs = true;
    this.run.child.signal(signal);
  }

  async stop({ graceMs = defaultGraceMs }: { graceMs?: number } = {}): Promise<void> {
    this.wanted = false;
    clearTimeout(this.restartTimer);
    const run = this.run;
    if (!run) return;
    if (!run.stopping) {
      run.stopping = true;
      run.endedByUs = true;
      run.child.signal(this.options.stopSignal ?? 'SIGTERM');
      // A paused process does not see the signal until it continues.
      run.child.signal('SIGCONT');
    }
    const timer = setTimeout(() => run.child.killGroup(), graceMs);
    await run.child.gone;
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

  /**
   * Asks the readiness probe. Returns false if the probe fails, if the process ends or is asked to end before the probe
   * answers, or if the answer takes longer than `leftMs`.
   */
  private async isReady(leftMs: number): Promise<boolean> {
    const run = this.run;
    if (run?.child.pid === undefined || run.endedByUs) return false;
    const answer = this.options.isReady?.() ?? Promise.resolve(true);
    const late = new AbortController();
    const isReady = await Promise.race([
      answer.catch(() => false),
      delay(leftMs, false, { signal: late.signal }).catch(() => false),
    ]);
    late.abort();
    if (!isReady || this.run !== run || run.endedByUs) return false;
    this.everReady = true;
    return true;
  }

  private spawn(): void {
    this.log = lastLines();
    const child = spawnChild(this.options, (line) => {
      this.print(line);
      this.watchLine?.(line);
    });
    const run: Run = { child, startedAtMs: performance.now(), endedByUs: false, stopping: false };
    this.run = run;
    if (child.pid !== undefined) this.options.onSpawn?.(child.pid);
    void child.gone.then((how) => this.onGone(run, how));
  }

  private onGone(run: Run, how: string): void {
    this.run = undefined;
    if (!this.wanted) return;
    if (performance.now() - run.startedAtMs >= settledMs) this.quickDeaths = 0;
    if (!this.everReady && !run.endedByUs) this.failedStarts += 1;
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
