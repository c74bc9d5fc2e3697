import { healthRoutes, metricsRoutes, type Registry } from '@widget-store/runtime';
import { Hono } from 'hono';

export interface ControlDeps {
  dependencies: Record<string, () => Promise<unknown>>;
  /** Ends the process at once; undefined outside demo mode, where the route does not exist. */
  crash: (() => void) | undefined;
  registry: Registry;
}

/** The worker's own port: health for a supervisor, metrics and, in demo mode, the crash button's other end. */
export function createControlApp({ dependencies, crash, registry }: ControlDeps): Hono {
  const app = new Hono();
  app.route('/', healthRoutes({ dependencies, deadlineMs: 2000 }));
  app.route('/', metricsRoutes(registry));
  if (crash !== undefined) {
    app.post('/crash', (c) => {
      setImmediate(crash);
      return c.text('crashing');
    });
  }
  return app;
}
