import { appendFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../../support/random';
import type { Stage } from '../stage';
import { clockFaults } from './clock';
import { crashFaults } from './crash';
import { deployFaults } from './deploy';
import { diskFaults } from './disk';
import { type Effect, type Fault, type FaultFamily, type FaultPlanOptions, type FaultRecord } from './fault';
import { killFaults } from './kill';
import { networkFaults } from './network';
import { operatorFaults } from './operator';
import { stopFaults } from './stop';
import { webhookFaults } from './webhooks';

export { familiesCalled, type FaultFamily, faultFamilies, type FaultRecord } from './fault';

/** For each family, the function that plans its faults. The function makes all random choices in advance. */
const families: Record<FaultFamily, (options: FaultPlanOptions) => Fault[]> = {
  kill: killFaults,
  stop: stopFaults,
  crash: crashFaults,
  deploy: deployFaults,
  clock: clockFaults,
  disk: diskFaults,
  operator: operatorFaults,
  network: networkFaults,
  webhooks: webhookFaults,
};

/** Each inner list is a lane. Faults of one lane never overlap. Faults of different lanes can overlap. */
const lanes: FaultFamily[][] = [
  ['kill', 'stop', 'crash', 'deploy', 'clock', 'disk', 'operator'],
  ['network'],
  ['webhooks'],
];

/**
 * Contains one shuffled list of faults (a deck) for each lane. A run inflicts as many faults as it has time for. After
 * the last fault of a list, the run starts the list again.
 */
export interface FaultPlan {
  decks: Fault[][];
  /** The pause between two faults of a lane. */
  pauseMs: number;
  /** The length of each period without faults: the baseline at the start of the load, and the recovery at its end. */
  calmMs: number;
}

export interface PlanFaultsOptions {
  random: Random;
  durationMs: number;
  wanted: readonly FaultFamily[];
}

export function planFaults({ random, durationMs, wanted }: PlanFaultsOptions): FaultPlan {
  const longestMs = durationMs / 8;
  const decks = lanes.map((lane) => {
    const cards = lane
      .filter((family) => wanted.includes(family))
      .map((family) => random.shuffled(families[family]({ random, longestMs })));
    return killFirst(interleave(cards, random));
  });
  return { decks, pauseMs: 2000, calmMs: durationMs / 10 };
}

/** Takes one fault from each family in turn. Otherwise all faults of a short run could come from the largest family. */
function interleave(cards: Fault[][], random: Random): Fault[] {
  const dealt: Fault[] = [];
  for (let round = 0; cards.some((family) => family.length > round); round++) {
    dealt.push(...random.shuffled(cards.flatMap((family) => family.slice(round, round + 1))));
  }
  return dealt;
}

/**
 * Puts a kill first, if the deck has one. A kill always has an effect, so even the shortest run with kills has a
 * confirmed fault.
 */
function killFirst(deck: Fault[]): Fault[] {
  const first = deck.find(({ family }) => family === 'kill');
  return first === undefined ? deck : [first, ...deck.filter((fault) => fault !== first)];
}

interface InflictOptions {
  plan: FaultPlan;
  stage: Stage;
  durationMs: number;
  /** A line is appended to this file when a fault has ended. */
  file: string;
}

/** Inflicts as many faults as the time allows. Resolves when the last of them has ended. */
export async function inflictFaults({ plan, stage, durationMs, file }: InflictOptions): Promise<FaultRecord[]> {
  const lastStartMs = Date.now() + durationMs - plan.calmMs;
  const records: FaultRecord[] = [];
  const record = (entry: FaultRecord): void => {
    records.push(entry);
    appendFileSync(file, `${JSON.stringify(entry)}\n`);
  };
  const deal = async (deck: Fault[]): Promise<void> => {
    await delay(plan.calmMs);
    const possible = deck.filter(({ family }) => stage.notDone[family] === undefined);
    for (let next = 0; possible.length > 0 && Date.now() < lastStartMs; next = (next + 1) % possible.length) {
      record(await inflict(possible[next] as Fault, stage));
      await delay(plan.pauseMs);
    }
  };
  await Promise.all(plan.decks.map(deal));
  return records;
}

async function inflict(fault: Fault, stage: Stage): Promise<FaultRecord> {
  const { family, kind, target } = fault;
  const startMs = Date.now();
  const end = (confirmed: boolean, effect: Effect): FaultRecord => ({
    family,
    kind,
    target,
    startMs,
    ...effect,
    endMs: Date.now(),
    confirmed,
  });
  try {
    return end(true, await fault.inflict(stage));
  } catch (error) {
    return end(false, { proof: (error as Error).message, undoneMs: Date.now() });
  }
}
