import { historyFromJSON } from '@temporalio/common/lib/proto-utils';
import { temporal } from '@temporalio/proto';

/** What a run costs the Temporal server, counted from its recorded history. */
export interface HistoryCost {
  /** Bytes of the history in Protobuf, as the server stores it, without the database's overhead. */
  historyBytes: number;
  workflowTasks: number;
  activityTasks: number;
  /** Writes of the run's state. The run's history shard makes one write at a time. */
  shardWrites: number;
  /** Visibility writes: one at the start, one for each change of search attributes, and one at the end. */
  visibilityWrites: number;
  /**
   * The actions that Temporal Cloud counts for the events of the history (docs.temporal.io/cloud/actions). The start of
   * the run is not included. Queries and heartbeats are not included, because they are not in a history.
   */
  actions: number;
}

const { EventType } = temporal.api.enums.v1;
type EventTypeNumber = temporal.api.enums.v1.EventType;

/**
 * The events for which the server writes the run's state (server 1.29, `service/history`). The server writes all
 * remaining events together with one of these.
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

/** @param json a history in the form that the CLI and the Web UI export */
export function historyCost(json: unknown): HistoryCost {
  const history = historyFromJSON(json);
  const types = (history.events ?? []).flatMap(({ eventType }) => eventType ?? []);
  const count = (wanted: EventTypeNumber): number => types.filter((type) => type === wanted).length;
  const upserts = count(EventType.EVENT_TYPE_UPSERT_WORKFLOW_SEARCH_ATTRIBUTES);
  const ends = count(EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED);
  return {
    historyBytes: temporal.api.history.v1.History.encode(history).finish().length,
    workflowTasks: count(EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED),
    activityTasks: count(EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED),
    shardWrites: types.filter((type) => writers.has(type)).length,
    visibilityWrites: 1 + upserts + ends,
    actions: types.reduce((total, type) => total + (actions[type] ?? 0), 0),
  };
}
