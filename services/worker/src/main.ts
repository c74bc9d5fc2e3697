import { createActivities } from '@widget-store/activities';
import { runProgram } from '@widget-store/runtime';
import { runWorker } from './run';

void runProgram('worker', (log) => runWorker({ log, createActivities }));
