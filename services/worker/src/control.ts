import { healthRoutes } from '@widget-store/runtime';
import { Hono } from 'hono';

/** What Prometheus reads. */
export interface Metrics {
  contentType: string;
  text(): Promise<string>;
}

export interface ControlDeps {
  dependencies: Record<string, () => Promise<unknown>>;
  /** Ends the process at once; undefined outside demo mode, where the route does not exist. */
  crash: (() => void) | undefined;
  metrics: Metrics;
}

/** The worker's own port: health for a supervisor, metrics and, in demo mode, the crash button's other end. */
export function createControlApp({ dependencies, crash, metrics }: ControlDeps): Hono {
  const app = new Hono();
  app.route('/', healthRoutes({ dependencies, deadlineMs: 2000 }));
  app.get('/metrics', async (c) => c.body(await metrics.text(), 200, { 'Content-Type': metrics.contentType }));
  if (crash !== undefined) {
    app.post('/crash', (c) => {
      setImmediate(crash);
      return c.text('crashing');
    });
  }
  return app;
}
