/*
 * The released worker, with changes that a test asks for:
 * TEST_TICK_MS    the milliseconds between two ticks of a dispatch
 * TEST_CRASH_DIR  a directory; if it contains a file with the name of an effect, the worker crashes after that effect
 * TEST_BUGS       the path of a module whose function `plantBugs` replaces activities
 */
const { existsSync, renameSync } = require('node:fs');
const { join } = require('node:path');
const { createActivities } = require('@widget-store/activities');
const { runProgram } = require('@widget-store/runtime');
const { runWorker } = require('@widget-store/worker');
const postgres = require('postgres');

const { TEST_TICK_MS: tickMs, TEST_CRASH_DIR: crashDir, TEST_BUGS: bugs } = process.env;

/**
 * Kills this process if `TEST_CRASH_DIR` contains a file with the name of this effect. The effect is committed, but not
 * yet reported to Temporal. An effect has the name of an activity, or `recordBuyer`, or `tick <n>` for the tick after
 * which n ticks remain. The function first appends the process id to the file's name, which proves the crash. Renaming
 * is atomic, so only one of two workers crashes.
 */
function crashAfter(effect) {
  const file = join(crashDir, effect);
  if (!existsSync(file)) return;
  try {
    renameSync(file, `${file}.${process.pid}`);
  } catch {
    return;
  }
  process.kill(process.pid, 'SIGKILL');
}

function withCrashes(activities) {
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input) => {
      const result = await activity(input);
      crashAfter(name);
      return result;
    },
  ]);
  return Object.fromEntries(wrapped);
}

function withStatementCrashes(store) {
  const tickDispatch = async (input) => {
    const order = await store.tickDispatch(input);
    crashAfter(`tick ${order.progressRemaining}`);
    return order;
  };
  const recordBuyer = async (input) => {
    await store.recordBuyer(input);
    crashAfter('recordBuyer');
  };
  return { ...store, tickDispatch, recordBuyer };
}

function createTestActivities(given) {
  const deps = {
    ...given,
    ...(tickMs && { tickMs: Number(tickMs) }),
    ...(crashDir && { store: withStatementCrashes(given.store) }),
  };
  const activities = createActivities(deps);
  if (bugs) {
    const sql = postgres(process.env.DATABASE_URL, { max: 5, onnotice: () => {} });
    return require(bugs).plantBugs({ ...deps, sql }, activities);
  }
  return crashDir ? withCrashes(activities) : activities;
}

void runProgram('worker', (log) => runWorker({ log, createActivities: createTestActivities }));
