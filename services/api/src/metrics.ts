import { Counter, Gauge, Histogram, type Registry } from '@widget-store/runtime';
import type { Admission, AdmissionState } from './admission/admission';
import type { OrderChanges } from '@widget-store/db';
import type { OrderWatches } from './watches/orderWatches';
import type { ProblemCode } from './problem';
import { isWebhookPath } from './webhooks/webhookPaths';

interface HandledRequest {
  method: string;
  /** The template of the route, for example `/order/:order_id`, and never the path of the request. */
  route: string;
  status: number;
  /** Undefined if the request succeeded. */
  problem: ProblemCode | undefined;
  /** Whether an earlier request with the same idempotency key had this effect already, for example placed the order. */
  replayed: boolean;
  seconds: number;
}

export interface ApiMetrics {
  observe(request: HandledRequest): void;
}

// The store's own failures have their own label values, so that a 500 is not mistaken for a client error.
const failures = { 500: 'failed', 503: 'unavailable' } as const;
const checkoutOutcomes = { 200: 'placed', 404: 'sold_out', ...failures } as const;
const webhookResults = { 200: 'accepted', 401: 'unauthorized', 404: 'unknown', ...failures } as const;
const checkoutRoute = 'POST /checkout/:idempotency_key';

interface ApiMetricsDeps {
  orderWatches: Pick<OrderWatches, 'open'>;
  orderChanges: Pick<OrderChanges, 'arrive'>;
  admission: Pick<Admission, 'state'>;
}

/** Registers the metrics of the api. Every label has only a few values, which are known in advance. */
export function createApiMetrics(
  registry: Registry,
  { orderWatches, orderChanges, admission }: ApiMetricsDeps,
): ApiMetrics {
  const registers = [registry];
  const durations = new Histogram({
    name: 'widget_store_http_request_duration_seconds',
    help: 'Time until the response starts, by route template.',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  });
  const checkouts = new Counter({
    name: 'widget_store_checkouts_total',
    help: "Checkouts by outcome. 'failed' (500) and 'unavailable' (503) are the store's own failures.",
    labelNames: ['outcome'] as const,
    registers,
  });
  const webhooks = new Counter({
    name: 'widget_store_webhooks_total',
    help: "Payment webhooks by result. 'failed' (500) and 'unavailable' (503) are the store's own failures.",
    labelNames: ['result'] as const,
    registers,
  });
  const streams: Gauge = new Gauge({
    name: 'widget_store_event_streams_open',
    help: 'Streams of order events that are open.',
    registers,
    collect: (): void => streams.set(orderWatches.open()),
  });
  const notifications: Gauge = new Gauge({
    name: 'widget_store_order_notifications_arrive',
    help: '1 while notifications of changed orders arrive from Postgres. Otherwise 0, and order pages are up to a second late.',
    registers,
    collect: (): void => notifications.set(orderChanges.arrive() ? 1 : 0),
  });
  measureAdmission(registry, admission);
  // Creates all series of these counters with the value 0, so that Prometheus sees the first event of a series as an
  // increase.
  for (const outcome of [...Object.values(checkoutOutcomes), 'replayed', 'shed', 'refused'])
    checkouts.inc({ outcome }, 0);
  for (const result of [...Object.values(webhookResults), 'refused']) webhooks.inc({ result }, 0);

  return {
    observe: ({ method, route, status, problem, replayed, seconds }) => {
      durations.observe({ method, route, status: String(status) }, seconds);
      const call = `${method} ${route}`;
      if (call === checkoutRoute) {
        const outcome = problem === 'overloaded' ? 'shed' : kindOf(checkoutOutcomes, status);
        checkouts.inc({ outcome: replayed ? 'replayed' : outcome });
      }
      if (method === 'POST' && isWebhookPath(route)) webhooks.inc({ result: kindOf(webhookResults, status) });
    },
  };
}

const admissionHelp: Record<keyof AdmissionState, string> = {
  limit: 'The maximum number of concurrent checkouts in this process. It falls when checkouts are slow.',
  running: 'Checkouts that are running.',
  waiting: 'Checkouts that are waiting in the queue.',
};

function measureAdmission(registry: Registry, admission: Pick<Admission, 'state'>): void {
  for (const part of ['limit', 'running', 'waiting'] as const) {
    const gauge: Gauge = new Gauge({
      name: `widget_store_checkouts_${part}`,
      help: admissionHelp[part],
      registers: [registry],
      collect: (): void => gauge.set(admission.state()[part]),
    });
  }
}

function kindOf(kinds: Record<number, string>, status: number): string {
  return kinds[status] ?? 'refused';
}
