import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import { type Probe, probeEdge } from '../probes';
import type { Toxic } from '../proxies';
import type { Stage } from '../stage';
import type { Effect, Fault, FaultPlanOptions } from './fault';

const latencyMs = 400;
const cutAfterBytes = 10;

/** The faults of a connection, and how each fault shows in a probe through the connection. */
const harms: Record<string, { toxics: Toxic[]; isRecognised: (probe: Probe) => boolean }> = {
  latency: {
    toxics: [{ type: 'latency', stream: 'downstream', attributes: { latency: latencyMs, jitter: 100 } }],
    isRecognised: ({ bytes, ms }) => bytes > 0 && ms >= latencyMs - 110,
  },
  reset: {
    toxics: [{ type: 'reset_peer', stream: 'downstream', attributes: { timeout: 0 } }],
    isRecognised: ({ bytes, end }) => bytes === 0 && end !== 'open',
  },
  /** Requests arrive, but no answer comes back. */
  'black hole': {
    toxics: [{ type: 'timeout', stream: 'downstream', attributes: { timeout: 0 } }],
    isRecognised: ({ bytes, end }) => bytes === 0 && end === 'open',
  },
  /** Requests arrive, but the answer is cut off in the middle. */
  'cut answer': {
    toxics: [{ type: 'limit_data', stream: 'downstream', attributes: { bytes: cutAfterBytes } }],
    isRecognised: ({ bytes, end }) => bytes <= cutAfterBytes && end !== 'open',
  },
};

/**
 * For each kind of connection, the groups of proxies that a single fault can hit. A group contains the proxy of one
 * process, or the proxies of two processes.
 */
const ways: Record<string, string[][]> = {
  'api-Postgres': both('api', 'postgres'),
  'worker-Postgres': both('worker', 'postgres'),
  'api-Temporal': both('api', 'temporal'),
  'worker-Temporal': both('worker', 'temporal'),
  'worker-gateway': both('worker', 'gateway'),
  'gateway-api': [['gateway-api']],
};

export function networkFaults({ random }: FaultPlanOptions): Fault[] {
  return Object.entries(ways).flatMap(([way, choices]) =>
    Object.keys(harms).map((harm): Fault => {
      const edges = random.pick(choices);
      const holdMs = random.between(3000, 8000);
      return {
        family: 'network',
        kind: `${harm} on ${way}`,
        target: edges.join(' + '),
        inflict: (stage) => poison(stage, { edges, harm, holdMs }),
      };
    }),
  );
}

async function poison(
  { proxies, edges: allEdges }: Stage,
  { edges, harm, holdMs }: { edges: string[]; harm: string; holdMs: number },
): Promise<Effect> {
  const { toxics, isRecognised } = harms[harm] as (typeof harms)[string];
  if (proxies === undefined) throw new Error('there are no proxies on this machine');
  const hit = allEdges.filter(({ name }) => edges.includes(name));
  try {
    const listed: string[] = [];
    for (const { name } of hit) for (const toxic of toxics) listed.push(await proxies.poison(name, toxic));
    const untilMs = Date.now() + holdMs;
    // Another fault has possibly paused the server at the same time, so the probe is repeated.
    const probes = await eventually(
      () => Promise.all(hit.map((edge) => probeEdge(edge))),
      (seen) => seen.every(isRecognised),
      { deadlineMs: holdMs },
    );
    await delay(Math.max(0, untilMs - Date.now()));
    const seen = probes.map(({ bytes, ms, end }) => `${bytes} bytes after ${ms} ms, then ${end}`).join('; ');
    return { proof: `the proxy listed ${listed.join()}; a connection through it got ${seen}`, undoneMs: Date.now() };
  } finally {
    for (const { name } of hit) await proxies.heal(name);
  }
}

function both(service: string, server: string): string[][] {
  const [one, other] = [`${service}-1-${server}`, `${service}-2-${server}`];
  return [[one], [other], [one, other]];
}
