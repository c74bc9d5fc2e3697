/**
 * What cannot be measured where the benchmark runs, or depends on whose machines they are. Whoever sizes a store of their own
 * changes these first.
 */
export const assumptions = {
  /** Of orders; the others are declined. */
  paidShare: 0.8,
  /** Of CPU: what is above it is for bursts, restarts and rollouts. */
  busyShare: 0.6,
  /** Of a history shard's time, so that a write seldom meets another one there. */
  busyShardShare: 0.3,
  /** A commit of Postgres until it is on disk, where `limits` of the benchmark has not measured it: a cloud volume. */
  commitMs: 1,
  /** Where the benchmark has not measured it, WAL of one update of a run by Temporal: history node, mutable state, tasks, and their index entries. */
  walBytesAShardWrite: 6000,
  /** Where the benchmark has not measured it, WAL of one transaction of the store. */
  walBytesACommit: 3000,
  /** An order with its lines, movements, events and indexes, where the benchmark has not measured it. */
  storedBytesAnOrder: 2000,
  /** Of a closed run beside its history: mutable state, visibility row and the indexes of both. */
  storedBytesARun: 4000,
  /** For how long Temporal keeps closed runs, as production.md sets it. */
  retentionDays: 7,
  /** Server 1.29: `frontend.namespaceRPS`, for each frontend. */
  requestsPerSecondAFrontend: 2400,
  /** Temporal Cloud's least limit of a namespace (docs.temporal.io/cloud/limits); it follows what is used. */
  cloudActionsPerSecond: 500,
  /** Of Temporal's chart. */
  historyShards: 512,
  /** The largest Postgres server that one would like to run. */
  postgresCores: 32,
  /** What such a server writes and ships to a replica without trouble. */
  walBytesPerSecond: 200e6,
  /** Of a visibility store in Postgres: a write there touches a table with 54 indexes (server 1.29). */
  visibilityWritesPerSecond: 2000,
} as const;
