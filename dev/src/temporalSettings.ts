/**
 * Dynamic configuration of a Temporal server that has one machine for itself and everything else
 * (docs.temporal.io/references/dynamic-configuration). None of it changes what is durable.
 */
export const settingsOfOneMachine = {
  // One process needs no partitions of its task queues, between which tasks and pollers are only forwarded.
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
  // An activity comes with the answer to the workflow task that wanted it.
  'system.enableActivityEagerExecution': true,
  // The dev server would read the namespace's search attributes from its file for each run that has some.
  'system.forceSearchAttributesCacheRefreshOnRead': false,
  // A shard's queue of new tasks is read 20 times a second unless told otherwise, and the dev server has one shard: from five
  // orders a second on, each step of each order waited for that.
  'history.transferProcessorMaxPollRPS': 200,
} as const;
