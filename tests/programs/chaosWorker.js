const { createActivities } = require('@widget-store/activities');
const { runProgram } = require('@widget-store/runtime');
const { runWorker } = require('@widget-store/worker');
const { crashAfter } = require('./crashAfter');

/** The worker as it ships, whose activities can be told to be the last thing that the process does. */
void runProgram('worker', (log) =>
  runWorker({ log, createActivities: (deps) => crashAfter(createActivities(deps), process.env.CHAOS_CRASH_DIR) }),
);
