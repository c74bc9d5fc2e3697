import type { Monitor } from '@widget-store/activities';
import { Counter, Gauge, type Logger, type Registry } from '@widget-store/runtime';
import { type Anomaly, anomalyKinds, refundSources, rejectionTypes } from '@widget-store/contract';

/** Reports anomalies, repairs, refunds and rejected steps as metrics. Also logs each anomaly and each repair. */
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
  // The alert `ReconcilerSilent` needs a timestamp even if a comparison never succeeds, for example because the
  // gateway's key is wrong.
  for (const comparison of Object.keys(anomalyKinds)) reconciledAt.setToCurrentTime({ comparison });
  const rejections = new Counter({
    name: 'widget_store_step_rejections_total',
    help: 'Attempts of workflow steps that the database or the payment gateway has refused, by type of failure.',
    labelNames: ['type'] as const,
    registers: [registry],
  });
  for (const type of rejectionTypes) rejections.inc({ type }, 0);
  for (const kind of Object.values(anomalyKinds).flat()) {
    // The counters start at 0, so that Prometheus sees the first anomaly as an increase.
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

/** Registers the metric of refunds. */
function createChangesCounter(registry: Registry): Monitor['countChanges'] {
  const refunds = new Counter({
    name: 'widget_store_refunds_total',
    help: 'Refunds that the gateway has made, each counted at most once, by who asked for them.',
    labelNames: ['source'] as const,
    registers: [registry],
  });
  for (const source of refundSources) refunds.inc({ source }, 0);
  return ({ made }) => {
    for (const source of made) refunds.inc({ source });
  };
}

function fields({ kind, orderId, paymentId, productId, workflowId, repair }: Anomaly) {
  return { anomaly: kind, orderId, paymentId, productId, workflowId, repair: repair?.action ?? null };
}
