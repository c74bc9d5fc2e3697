import { createActivities } from '@widget-store/activities';
import { runProgram } from '@widget-store/runtime';
import { runWorker } from './runWorker';

void runProgram('worker', (log) => runWorker({ log, createActivities }));
