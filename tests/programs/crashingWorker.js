/*
 * The worker of the store, except that it dies once: by SIGKILL, right after an effect has been made and before anybody was
 * told of it. CRASH_AFTER names the effect: an activity, or `tick <n>` for the tick that leaves n. CRASH_MARKER is the file
 * that the dying process writes its pid to; while it is there, nothing crashes.
 */
const { existsSync, writeFileSync } = require('node:fs');
const { createActivities } = require('@widget-store/activities');
const { runProgram } = require('@widget-store/runtime');
const { runWorker } = require('@widget-store/worker');

/** Dispatches are quick here: the crash is what takes time. */
const tickMs = 300;

const { CRASH_AFTER: effect, CRASH_MARKER: marker } = process.env;

function crashOnce() {
  if (existsSync(marker)) return;
  writeFileSync(marker, String(process.pid), { flag: 'wx' });
  process.kill(process.pid, 'SIGKILL');
}

function createCrashingActivities(deps) {
  const store = {
    ...deps.store,
    tickDispatch: async (input) => {
      const order = await deps.store.tickDispatch(input);
      if (effect === `tick ${order.progressRemaining}`) crashOnce();
      return order;
    },
  };
  const activities = createActivities({ ...deps, store, tickMs });
  const wrapped = Object.entries(activities).map(([name, activity]) => [
    name,
    async (input) => {
      const answer = await activity(input);
      if (effect === name) crashOnce();
      return answer;
    },
  ]);
  return Object.fromEntries(wrapped);
}

void runProgram('worker', (log) => runWorker({ log, createActivities: createCrashingActivities }));
