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
   * The share of the time in which an average history shard may be busy. Runs are spread over the shards at random, so
   * the busiest shard is about three times as busy as an average shard.
   */
  busyShardShare: 0.3,
  /**
   * Bytes that a closed run stores in addition to its history: the mutable state, the visibility row and their indexes.
   */
  storedBytesPerRun: 4000,
  /** The number of days for which Temporal keeps closed runs, as in docs/production.md. */
  retentionDays: 7,
  /**
   * The default of `frontend.namespaceRPS`: the requests of a namespace that one frontend accepts in a second (server
   * 1.29).
   */
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
  /** The bytes of WAL that a Postgres server with `postgresCores` cores can write in a second and send to a replica. */
  walBytesPerSecond: 200e6,
  /**
   * The visibility writes that Postgres can make in a second. Each is slow, because the table of runs has 54 indexes
   * (server 1.29).
   */
  visibilityWritesPerSecond: 2000,
} as const;
