import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const task = ['WORKFLOW_TASK_SCHEDULED', 'WORKFLOW_TASK_STARTED', 'WORKFLOW_TASK_COMPLETED'];
const activity = ['ACTIVITY_TASK_SCHEDULED', 'ACTIVITY_TASK_STARTED', 'ACTIVITY_TASK_COMPLETED'];
const child = ['START_CHILD_WORKFLOW_EXECUTION_INITIATED', 'CHILD_WORKFLOW_EXECUTION_STARTED'];
const decided = [
  'WORKFLOW_EXECUTION_STARTED',
  ...task,
  'WORKFLOW_EXECUTION_UPDATE_ACCEPTED',
  'MARKER_RECORDED',
  'TIMER_STARTED',
  'WORKFLOW_EXECUTION_UPDATE_COMPLETED',
  'WORKFLOW_EXECUTION_SIGNALED',
  ...task,
  'TIMER_CANCELED',
  ...activity,
  ...task,
  'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
];
const completed = 'WORKFLOW_EXECUTION_COMPLETED';

/** For each recorded history of the store that the floor imitates: the types of its events. */
export const storeEvents = {
  declined: [...decided, completed],
  paid: [...decided, ...child, ...task, completed],
  dispatch: [
    'WORKFLOW_EXECUTION_STARTED',
    ...task,
    ...activity,
    ...task,
    'UPSERT_WORKFLOW_SEARCH_ATTRIBUTES',
    completed,
  ],
};

/**
 * Checks that the recorded histories of the store have the events of `storeEvents`. If the events differ, Temporal does
 * less or more work for the floor than for the store, and a comparison of the two would be wrong.
 *
 * @throws Error that says what to change
 */
export async function checkStoreEvents(historiesFolder: string): Promise<void> {
  for (const [name, expected] of Object.entries(storeEvents)) {
    const history: unknown = JSON.parse(await readFile(join(historiesFolder, `${name}.json`), 'utf8'));
    if (eventTypes(history).join() === expected.join()) continue;
    const files = 'bareWorkflow.ts, bareActivities.ts and storeEvents.ts in bench/src/floor';
    throw new Error(`the store's run ${name} has other events than the floor: change ${files}`);
  }
}

const exportedHistory = z.object({ events: z.array(z.object({ eventType: z.string() })) });

/** Returns the types of the events of an exported history. */
export function eventTypes(history: unknown): string[] {
  return exportedHistory.parse(history).events.map(({ eventType }) => eventType.replace('EVENT_TYPE_', ''));
}
