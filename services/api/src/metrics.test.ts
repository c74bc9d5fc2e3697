import { createRegistry } from '@widget-store/runtime';
import { createApiMetrics } from './metrics';

function observed({ arrive = true } = {}) {
  const registry = createRegistry();
  const state = () => ({ limit: 1, running: 0, waiting: 0 });
  const metrics = createApiMetrics(registry, {
    orderWatches: { open: () => 0 },
    orderChanges: { arrive: () => arrive },
    admission: { state },
  });
  return { metrics, counted: (name: string) => registry.getSingleMetricAsString(name) };
}

describe('the metrics of the api', () => {
  it.each([
    [200, undefined, 'placed'],
    [404, 'checkout_failed', 'sold_out'],
    [422, 'invalid_cart', 'refused'],
    [429, 'rate_limited', 'refused'],
    [500, 'internal', 'failed'],
    [503, 'postgres_unavailable', 'unavailable'],
    [503, 'overloaded', 'shed'],
  ] as const)('count a checkout that is answered %i %s as %s', async (status, problem, outcome) => {
    const { metrics, counted } = observed();
    const route = '/checkout/:idempotency_key';
    metrics.observe({ method: 'POST', route, status, problem, replayed: false, seconds: 1 });
    expect(await counted('widget_store_checkouts_total')).toContain(`{outcome="${outcome}"} 1`);
  });

  it.each([
    [200, undefined, 'accepted'],
    [401, 'webhook_unauthorized', 'unauthorized'],
    [422, 'webhook_invalid', 'refused'],
    [500, 'internal', 'failed'],
    [503, 'postgres_unavailable', 'unavailable'],
  ] as const)('count a webhook that is answered %i %s as %s', async (status, problem, result) => {
    const { metrics, counted } = observed();
    metrics.observe({ method: 'POST', route: '/webhooks/example', status, problem, replayed: false, seconds: 1 });
    expect(await counted('widget_store_webhooks_total')).toContain(`{result="${result}"} 1`);
  });

  it.each([
    [true, 1],
    [false, 0],
  ])('say whether notifications of changed orders arrive: %s', async (arrive, value) => {
    const { counted } = observed({ arrive });
    expect(await counted('widget_store_order_notifications_arrive')).toMatch(new RegExp(` ${value}$`));
  });
});
