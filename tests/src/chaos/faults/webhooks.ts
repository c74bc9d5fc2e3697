import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '../../support/eventually';
import type { Stage } from '../stage';
import type { Effect, Fault, FaultPlanOptions } from './fault';

/** The faults of the webhooks that the gateway itself sends. The load sends forged webhooks, see `forgedCalls.ts`. */
const behaviours = {
  'five-fold': { duplicates: 4 },
  reversed: { reverse: true },
  lost: { lose: true },
  'delayed to the edge of the window': { delay_ms: 7000 },
} as const;

export function webhookFaults({ random }: FaultPlanOptions): Fault[] {
  return Object.entries(behaviours).map(([kind, behaviour]) => {
    const holdMs = random.between(6000, 10_000);
    return {
      family: 'webhooks',
      kind: `webhooks ${kind}`,
      target: 'gateway',
      inflict: (stage) => misbehave(stage, behaviour, holdMs),
    };
  });
}

async function misbehave(stage: Stage, behaviour: object, holdMs: number): Promise<Effect> {
  try {
    const answer = await behave(stage, behaviour);
    await delay(holdMs);
    return { proof: `the gateway confirmed the behaviour ${answer}`, undoneMs: Date.now() };
  } finally {
    await behave(stage, {});
  }
}

function behave({ store }: Stage, behaviour: object): Promise<string> {
  const headers = { Authorization: `Bearer ${store.gatewayApiKey}`, 'Content-Type': 'application/json' };
  // The call is repeated, because another fault has possibly killed the gateway, which takes a moment to restart.
  return eventually(
    async () => {
      const init = { method: 'PUT', headers, body: JSON.stringify(behaviour), signal: AbortSignal.timeout(3000) };
      const answer = await fetch(`${store.gatewayUrl}/sandbox/behaviour`, init);
      return answer.ok ? answer.text() : '';
    },
    (text) => text !== '',
  );
}
