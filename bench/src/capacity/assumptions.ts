/** What cannot be measured where the benchmark runs. Change these first when you size a store of your own. */
export const assumptions = {
  /** Share of orders that are paid; the others are declined. */
  paidShare: 0.8,
  /** Share of CPU and of request limits to plan for: the rest is for bursts, restarts and rollouts. */
  busyShare: 0.6,
  /** Share of a history shard's time: runs fall on shards at random, and the busiest one is about three times as busy. */
  busyShardShare: 0.3,
  /** Bytes of a closed run beside its history: mutable state, visibility row and their indexes. */
  storedBytesPerRun: 4000,
  /** How long Temporal keeps closed runs, as production.md sets it. */
  retentionDays: 7,
  /** Server 1.29: `frontend.namespaceRPS` of one frontend. */
  requestsPerSecondPerFrontend: 2400,
  /** Temporal Cloud's lowest limit of a namespace (docs.temporal.io/cloud/limits). It rises with use. */
  cloudActionsPerSecond: 500,
  /** The default of Temporal's Helm chart. */
  historyShards: 512,
  /** The largest Postgres server that you would run. */
  postgresCores: 32,
  /** WAL that such a server writes and ships to a replica. */
  walBytesPerSecond: 200e6,
  /** Writes of a visibility store in Postgres, whose table has 54 indexes (server 1.29). */
  visibilityWritesPerSecond: 2000,
} as const;
