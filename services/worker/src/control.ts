import { healthRoutes, type Logger, metricsRoutes, type Registry } from '@widget-store/runtime';
import { Hono } from 'hono';

export interface ControlOptions {
  /** Each check resolves when its dependency works. */
  dependencies: Record<string, () => Promise<unknown>>;
  /** Ends the process immediately. Outside demo mode, this function is undefined, and there is no crash route. */
  crash: (() => void) | undefined;
  registry: Registry;
  log: Logger;
}

/** The HTTP routes of the worker: health, metrics and, in demo mode, the route of the crash button. */
export function controlRoutes({ dependencies, crash, registry, log }: ControlOptions): Hono {
  const app = new Hono();
  app.route('/', healthRoutes(dependencies, { log }));
  app.route('/', metricsRoutes(registry));
  if (crash !== undefined) {
    app.post('/crash', (c) => {
      setImmediate(crash);
      return c.text('crashing');
    });
  }
  return app;
}
