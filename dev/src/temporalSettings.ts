/**
 * Dynamic configuration of a Temporal server on the same machine as everything else
 * (docs.temporal.io/references/dynamic-configuration). It does not change what is durable.
 */
export const settingsOfOneMachine = {
  // In one process, partitions of a task queue only forward tasks and pollers to each other.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // The answer to a workflow task brings the activity that it scheduled.
  'system.enableActivityEagerExecution': true,
  // Otherwise the dev server reads the search attributes from its file for each run that has some.
  'system.forceSearchAttributesCacheRefreshOnRead': false,
  // The default reads a shard's queue of new tasks 20 times a second, and the dev server has one shard. From five orders a second
  // on, each step of each order waited for that.
  'history.transferProcessorMaxPollRPS': 200,
} as const;
