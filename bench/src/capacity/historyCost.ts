import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { temporal } from '@temporalio/proto';

/** What a run costs the Temporal server, counted in its recorded history. */
export interface HistoryCost {
  events: number;
  /** As the server stores them: protobuf, without what the database adds to each row. */
  historyBytes: number;
  workflowTasks: number;
  activityTasks: number;
  /** Updates of the run, each of which has its history shard to itself. */
  shardWrites: number;
  /** Start, each change of search attributes, end. */
  visibilityWrites: number;
  /** What Temporal Cloud counts (docs.temporal.io/cloud/actions) as far as it is in the history: no Query, no heartbeat. */
  actions: number;
}

const { EventType } = temporal.api.enums.v1;
type EventTypeNumber = temporal.api.enums.v1.EventType;

/**
 * What makes the server write a run anew (server 1.29, `service/history`); every other event is written together with one of
 * these, above all what a workflow task has decided.
 */
const writers: ReadonlySet<EventTypeNumber> = new Set([
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED,
  EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CANCEL_REQUESTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
  EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED,
  EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED,
  EventType.EVENT_TYPE_CHILD_WORKFLOW_EXECUTION_STARTED,
  EventType.EVENT_TYPE_TIMER_FIRED,
]);

const actions: Partial<Record<EventTypeNumber, number>> = {
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED]: 1,
  [EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED]: 1,
  [EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES]: 1,
  [EventType.EVENT_TYPE_TIMER_STARTED]: 1,
  [EventType.EVENT_TYPE_MARKER_RECORDED]: 1,
  [EventType.EVENT_TYPE_ACTIVITY_TASK_STARTED]: 1,
  [EventType.EVENT_TYPE_START_CHILD_WORKFLOW_EXECUTION_INITIATED]: 2,
};

/** @param json a history as the CLI and the Web UI export it */
export function historyCost(json: unknown): HistoryCost {
  const history = historyFromJSON(json);
  const types = (history.events ?? []).flatMap(({ eventType }) => eventType ?? []);
  const count = (wanted: EventTypeNumber): number => types.filter((type) => type === wanted).length;
  const upserts = count(EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES);
  const ends = count(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
  return {
    events: types.length,
    historyBytes: temporal.api.history.v1.History.encode(history).finish().length,
    workflowTasks: count(EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED),
    activityTasks: count(EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED),
    shardWrites: types.filter((type) => writers.has(type)).length,
    visibilityWrites: 1 + upserts + ends,
    actions: types.reduce((total, type) => total + (actions[type] ?? 0), 0),
  };
}
