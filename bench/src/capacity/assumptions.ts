/** Values that the benchmark cannot measure on its machine. Change these first when you size your own store. */
export const assumptions = {
  /** Share of orders that are paid. The others are declined. */
  paidShare: 0.8,
  /**
   * The share of the CPU and of request limits that the model plans to use. The rest is reserved for bursts, restarts
   * and rollouts.
   */
  busyShare: 0.6,
  /**
   * The share of a history shard's time that the model plans to use. Runs are spread over shards at random, and the
   * busiest shard is about three times as busy as the average.
   */
  busyShardShare: 0.3,
  /**
   * Bytes that a closed run stores in addition to its history: the mutable state, the visibility row and their indexes.
   */
  storedBytesPerRun: 4000,
  /** Days for which Temporal keeps closed runs, as production.md sets it. */
  retentionDays: 7,
  /** The default of `frontend.namespaceRPS`, which limits the requests to one frontend (server 1.29). */
  requestsPerSecondPerFrontend: 2400,
  /**
   * The lowest limit that Temporal Cloud sets for a namespace (docs.temporal.io/cloud/limits). Temporal Cloud raises
   * the limit with use.
   */
  cloudActionsPerSecond: 500,
  /** The number of history shards, as Temporal's Helm chart sets it by default. */
  historyShards: 512,
  /** Cores of the largest Postgres server that you would run. */
  postgresCores: 32,
  /** The WAL that such a server can write and send to a replica. */
  walBytesPerSecond: 200e6,
  /** The writes that a visibility store in Postgres can make. The table of runs has 54 indexes (server 1.29). */
  visibilityWritesPerSecond: 2000,
} as const;
