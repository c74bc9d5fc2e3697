const { createActivities } = require('@widget-store/activities');
const { runProgram } = require('@widget-store/runtime');
const { runWorker } = require('@widget-store/worker');

/** Less than the second that a tick takes in the store, and enough to kill something in the middle of a dispatch. */
const tickMs = 300;

/** The worker as it ships, with quicker dispatches. */
void runProgram('worker', (log) =>
  runWorker({ log, createActivities: (deps) => createActivities({ ...deps, tickMs }) }),
);
