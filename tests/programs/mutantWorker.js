const { createActivities } = require('@widget-store/activities');
const { runProgram } = require('@widget-store/runtime');
const { runWorker } = require('@widget-store/worker');
const postgres = require('postgres');
const { plants } = require('./mutants');

const plant = plants[process.env.CHAOS_PLANT];
const sql = postgres(process.env.DATABASE_URL, { max: 5, onnotice: () => {} });
/** Dispatches are quick here: a planted bug is not about waiting. */
const tickMs = 100;

/** A worker with one planted bug, the one that the environment names; `none` is the worker as it ships. */
void runProgram('worker', (log) =>
  runWorker({
    log,
    createActivities: (deps) => {
      const activities = createActivities({ ...deps, tickMs });
      return { ...activities, ...plant?.({ ...deps, sql, tickMs }, activities) };
    },
  }),
);
