import { simulateCommits, simulateShards, simulateWorkers } from './experiments';

const commits = { seed: 1, paidShare: 1, statementMs: 0, commitMs: 2, ticksNotify: false, seconds: 150 };

/** What queueing theory says of one server that takes the same time for each (Pollaczek-Khinchine): the mean wait. */
function fixedServiceWaitMs(busyShare: number, serviceMs: number): number {
  return (busyShare * serviceMs) / (2 * (1 - busyShare));
}

/** Of several servers that take a random time (Erlang's C). */
function randomServiceWaitMs(
  { busyShare, servers }: { busyShare: number; servers: number },
  serviceMs: number,
): number {
  const load = busyShare * servers;
  let term = 1;
  let terms = 0;
  for (let index = 0; index < servers; index++) {
    terms += term;
    term *= load / (index + 1);
  }
  const last = term / (1 - busyShare);
  return ((last / (terms + last)) * serviceMs) / (servers * (1 - busyShare));
}

describe('the simulation', () => {
  it('has orders wait for a row as theory says', () => {
    const { row } = simulateCommits({ ...commits, ordersPerSecond: 350 });
    expect(row.busyShare).toBeCloseTo(0.7, 1);
    expect(row.meanMs / fixedServiceWaitMs(row.busyShare, 2)).toBeCloseTo(1, 1);
  });

  it('has a commit that notifies wait for all others that do', () => {
    const quiet = simulateCommits({ ...commits, ordersPerSecond: 40, seconds: 30 });
    const ticking = simulateCommits({ ...commits, ordersPerSecond: 40, seconds: 30, ticksNotify: true });
    expect(quiet.notify.busyShare).toBeCloseTo(40 * 2 * 0.002, 1);
    expect(ticking.notify.busyShare).toBeCloseTo(40 * 11 * 0.002, 1);
    expect(ticking.notify.p99Ms).toBeGreaterThan(3 * quiet.notify.p99Ms);
  });

  it('has a cancellation keep the row while it waits to notify', () => {
    const { row } = simulateCommits({
      ...commits,
      paidShare: 0.5,
      ordersPerSecond: 60,
      seconds: 60,
      ticksNotify: true,
    });
    // Without that wait: 60 x 1.5 holds of 2 ms.
    expect(row.busyShare).toBeGreaterThan(0.18 * 1.1);
  });

  it('throws runs at shards unevenly, as balls into bins', () => {
    const { busyShare, busiest } = simulateShards({
      seed: 1,
      shards: 256,
      runsPerSecond: 200,
      writesARun: 10,
      writeMs: 4,
      seconds: 10,
    });
    expect(busyShare).toBeCloseTo((200 * 10 * 0.004) / 256, 2);
    expect(busiest.busyShare).toBeGreaterThan(1.5 * busyShare);
    expect(busiest.busyShare).toBeLessThan(6 * busyShare);
  });

  it('has tasks wait for workers as theory says', () => {
    const { busyShare, meanMs } = simulateWorkers({
      seed: 1,
      workers: 4,
      tasksPerSecond: 320,
      taskMs: 10,
      seconds: 600,
    });
    expect(busyShare).toBeCloseTo(0.8, 1);
    expect(meanMs / randomServiceWaitMs({ busyShare, servers: 4 }, 10)).toBeCloseTo(1, 1);
  });

  it('is decided by its seed', () => {
    const once = { ...commits, ordersPerSecond: 100, seconds: 5 };
    expect(simulateCommits(once)).toEqual(simulateCommits(once));
    expect(simulateCommits(once)).not.toEqual(simulateCommits({ ...once, seed: 2 }));
  });
});
