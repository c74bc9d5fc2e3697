const { createActivities } = require('@widget-store/activities');
const { runProgram } = require('@widget-store/runtime');
const { runWorker } = require('@widget-store/worker');

/** Half of the second that a tick takes in the store, for tests that wait for many dispatches. */
const tickMs = 500;

/** The worker as it ships, with quicker dispatches. */
void runProgram('worker', (log) =>
  runWorker({ log, createActivities: (deps) => createActivities({ ...deps, tickMs }) }),
);
