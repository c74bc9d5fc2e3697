import { inheritedEnvironment, supervise, toxiproxyProcess } from '@widget-store/dev';

/** A connection from one process to another through a proxy. */
export interface Edge {
  name: string;
  /** The port of the proxy. The client connects to it. */
  port: number;
  upstreamPort: number;
  /** The protocol that the server expects from a probe. */
  speaks: 'postgres' | 'temporal' | 'http';
}

/** A fault of a proxy, in the terms of toxiproxy. */
export interface Toxic {
  type: 'latency' | 'reset_peer' | 'timeout' | 'limit_data';
  stream: 'upstream' | 'downstream';
  attributes: Record<string, number>;
}

export interface Proxies {
  /** Adds a toxic to a proxy. Resolves with the proxy's new list of toxics, as JSON. */
  poison(edge: string, toxic: Toxic): Promise<string>;
  heal(edge: string): Promise<void>;
  stop(): Promise<void>;
}

const readyDeadlineMs = 20_000;
const callDeadlineMs = 5000;

interface StartOptions {
  /** The port of toxiproxy's HTTP API. */
  port: number;
  edges: Edge[];
  onLine: (line: string) => void;
}

/** Starts a toxiproxy with one proxy for each connection. No proxy has a fault yet. */
export async function startProxies({ port, edges, onLine }: StartOptions): Promise<Proxies> {
  const process = await toxiproxyProcess({ port, environment: inheritedEnvironment(), onProgress: onLine });
  const running = supervise({ ...process, onLine });
  await running.whenReady({ deadlineMs: readyDeadlineMs });
  const call = async (method: string, path: string, body?: object): Promise<string> => {
    const signal = AbortSignal.timeout(callDeadlineMs);
    const init = { method, signal, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, init);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`toxiproxy answered ${answer.status} to ${method} ${path}: ${text}`);
    return text;
  };
  for (const { name, port: listenPort, upstreamPort } of edges) {
    const ends = { listen: `127.0.0.1:${listenPort}`, upstream: `127.0.0.1:${upstreamPort}` };
    await call('POST', '/proxies', { name, enabled: true, ...ends });
  }
  return {
    poison: async (edge, { type, stream, attributes }) => {
      await call('POST', `/proxies/${edge}/toxics`, {
        name: `${type}-${stream}`,
        type,
        stream,
        toxicity: 1,
        attributes,
      });
      return call('GET', `/proxies/${edge}/toxics`);
    },
    heal: async (edge) => {
      const toxics = JSON.parse(await call('GET', `/proxies/${edge}/toxics`)) as { name: string }[];
      for (const { name } of toxics) await call('DELETE', `/proxies/${edge}/toxics/${name}`);
    },
    stop: () => running.stop(),
  };
}
