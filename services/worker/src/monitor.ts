import type { Monitor } from '@widget-store/activities';
import { Counter, Gauge, type Logger, type Registry } from '@widget-store/runtime';
import { type Anomaly, anomalyKinds, disputeStatuses, refundSources, rejectionTypes } from '@widget-store/contract';

/** Reports anomalies, repairs and refunds as metrics, and each anomaly and repair also as a log line. */
export function createMonitor(log: Pick<Logger, 'warn' | 'debug'>, registry: Registry): Monitor {
  const ofKind = { labelNames: ['kind'] as const, registers: [registry] };
  const present = new Gauge({
    name: 'widget_store_anomalies',
    help: 'Anomalies that this worker found in its last comparison.',
    ...ofKind,
  });
  const found = new Counter({
    name: 'widget_store_anomalies_found_total',
    help: 'Anomalies found. An anomaly that persists is counted again in each comparison.',
    ...ofKind,
  });
  const repaired = new Counter({
    name: 'widget_store_repairs_total',
    help: 'Repairs made. A repair starts or signals a run.',
    ...ofKind,
  });
  const reconciledAt = new Gauge({
    name: 'widget_store_reconciled_timestamp_seconds',
    help: 'Time of the last comparison by this worker, or the start of the worker if it has made none yet.',
    labelNames: ['comparison'] as const,
    registers: [registry],
  });
  // The alert needs a timestamp even if a comparison never succeeds, for example because of a wrong key.
  for (const comparison of Object.keys(anomalyKinds)) reconciledAt.setToCurrentTime({ comparison });
  const rejections = new Counter({
    name: 'widget_store_step_rejections_total',
    help: 'Attempts of workflow steps that the database or the payment gateway has refused, by type of failure.',
    labelNames: ['type'] as const,
    registers: [registry],
  });
  for (const type of rejectionTypes) rejections.inc({ type }, 0);
  for (const kind of Object.values(anomalyKinds).flat()) {
    // The counters exist from the start with 0. Prometheus then sees the first anomaly as an increase.
    for (const counter of [found, repaired]) counter.inc({ kind }, 0);
  }

  return {
    reportComparison: (comparison, result) => {
      for (const kind of anomalyKinds[comparison]) {
        const count = result.found[kind] ?? 0;
        present.set({ kind }, count);
        found.inc({ kind }, count);
      }
      reconciledAt.setToCurrentTime({ comparison });
      for (const anomaly of result.anomalies) log.warn(fields(anomaly), anomaly.detail);
      log.debug({ comparison, found: result.found }, 'compared');
    },
    reportRepairs: (anomalies) => {
      for (const anomaly of anomalies) {
        repaired.inc({ kind: anomaly.kind });
        log.warn(fields(anomaly), 'repaired');
      }
    },
    countChanges: createChangesCounter(registry),
    countRejection: (type) => rejections.inc({ type }),
  };
}

/** Registers metrics of refunds and disputes. */
function createChangesCounter(registry: Registry): Monitor['countChanges'] {
  const refunds = new Counter({
    name: 'widget_store_refunds_total',
    help: 'Refunds that the gateway has made, each counted once, by who asked for them.',
    labelNames: ['source'] as const,
    registers: [registry],
  });
  const refundFailures = new Counter({
    name: 'widget_store_refund_failures_total',
    help: 'Refunds that have failed, each counted once, by who asked for them.',
    labelNames: ['source'] as const,
    registers: [registry],
  });
  for (const source of refundSources) for (const counter of [refunds, refundFailures]) counter.inc({ source }, 0);
  const disputes = new Counter({
    name: 'widget_store_disputes_total',
    help: 'Disputes of payments, each counted once in each status that it gets.',
    labelNames: ['status'] as const,
    registers: [registry],
  });
  for (const status of disputeStatuses) disputes.inc({ status }, 0);
  return (changes) => {
    for (const source of changes.made) refunds.inc({ source });
    for (const source of changes.failed) refundFailures.inc({ source });
    for (const status of changes.disputes) disputes.inc({ status });
  };
}

function fields({ kind, orderId, paymentId, productId, workflowId, repair }: Anomaly) {
  return { anomaly: kind, orderId, paymentId, productId, workflowId, repair: repair?.action ?? null };
}
