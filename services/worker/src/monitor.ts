import type { Monitor } from '@widget-store/activities';
import { Counter, Gauge, type Logger, type Registry } from '@widget-store/runtime';
import { type Anomaly, anomalyKinds, refundCauses } from '@widget-store/contract';

/** Reports what the reconciler finds and repairs, and counts refunds: metrics, and a log line for what is wrong. */
export function createMonitor(log: Pick<Logger, 'warn' | 'debug'>, registry: Registry): Monitor {
  const ofKind = { labelNames: ['kind'] as const, registers: [registry] };
  const present = new Gauge({
    name: 'widget_store_anomalies',
    help: 'Anomalies that the last comparison made by this worker has found.',
    ...ofKind,
  });
  const found = new Counter({
    name: 'widget_store_anomalies_found_total',
    help: 'Anomalies found. One that stays counts again with every comparison.',
    ...ofKind,
  });
  const repaired = new Counter({
    name: 'widget_store_repairs_total',
    help: 'Repairs made: runs started or told.',
    ...ofKind,
  });
  const reconciledAt = new Gauge({
    name: 'widget_store_reconciled_timestamp_seconds',
    help: 'When this worker has last made the comparison; when it has started, until it makes its first.',
    labelNames: ['comparison'] as const,
    registers: [registry],
  });
  // A comparison that never succeeds, because the gateway's key is wrong, would otherwise have no time that grows old.
  for (const comparison of Object.keys(anomalyKinds)) reconciledAt.setToCurrentTime({ comparison });
  const refunds = new Counter({
    name: 'widget_store_refunds_total',
    help: 'Refunds, each counted once: of a payment that came late, of an order cancelled after it was paid, by hand.',
    labelNames: ['cause'] as const,
    registers: [registry],
  });
  for (const cause of refundCauses) refunds.inc({ cause }, 0);
  for (const kind of Object.values(anomalyKinds).flat()) {
    // There from the start, so that the first anomaly is an increase and not a new series.
    for (const counter of [found, repaired]) counter.inc({ kind }, 0);
  }

  return {
    found: (comparison, result) => {
      for (const kind of anomalyKinds[comparison]) {
        const count = result.found[kind] ?? 0;
        present.set({ kind }, count);
        found.inc({ kind }, count);
      }
      reconciledAt.setToCurrentTime({ comparison });
      for (const anomaly of result.anomalies) log.warn(fields(anomaly), anomaly.detail);
      log.debug({ comparison, found: result.found }, 'compared');
    },
    repaired: (anomalies) => {
      for (const anomaly of anomalies) {
        repaired.inc({ kind: anomaly.kind });
        log.warn(fields(anomaly), 'repaired');
      }
    },
    refunded: (cause) => refunds.inc({ cause }),
  };
}

function fields({ kind, orderId, paymentId, productId, workflowId, repair }: Anomaly) {
  return { anomaly: kind, orderId, paymentId, productId, workflowId, repair: repair?.action ?? null };
}
