import { isOpen, type OrderRecord } from '../chaos/evidence';
import type { Operation } from '../support/clients/history';
import { commit } from '../chaos/report';
import { serviceNames } from '../chaos/stage';
import type { PaymentShown } from './payments';
import type { Resources } from './resources';

/** A part of the run with one rate. Times are milliseconds since the epoch. */
export interface Phase {
  name: 'before' | 'overload' | 'after';
  ratePerSecond: number;
  startMs: number;
  endMs: number;
}

/** The checkouts that arrived in a phase. `answeredPerSecond` counts the answers in the phase. */
interface PhaseReport {
  name: Phase['name'];
  offeredPerSecond: number;
  answeredPerSecond: number;
  answered: number;
  shed: number;
  /** The number of failed checkouts that were not shed, by code. */
  otherwise: Record<string, number>;
  /** The median time to the answer of a checkout; null if none was answered. */
  p50Ms: number | null;
  p99Ms: number | null;
  /** The 99th percentile of the time until a checkout was shed; null if none was shed. */
  shedP99Ms: number | null;
}

export interface Claim {
  text: string;
  holds: boolean;
}

export interface OverloadReport {
  commit: string;
  phases: PhaseReport[];
  /**
   * The time from the end of the overload to the first five seconds with nearly as many answers as before the overload.
   */
  recoveredAfterMs: number | null;
  /** The highest resident memory of each process, in MB. */
  residentMb: { name: string; before: number; overload: number }[];
  /**
   * The 99th percentile of the time from a payment at the gateway until its order has the status PAID. Covers only
   * payments during the overload.
   */
  paymentP99Ms: number | null;
  /** The longest delay with which this program started a buyer. */
  latestMs: number;
  claims: Claim[];
}

export interface OverloadReportInput {
  phases: Phase[];
  latestMs: number;
  operations: Operation[];
  resources: Resources[];
  orders: OrderRecord[];
  payments: PaymentShown[];
}

const nearly = 0.9;
const recoveryMs = 30_000;
const windowMs = 5000;
/**
 * The allowed memory of a process. This memory is more than a process needs at its limit of concurrent checkouts, and
 * less than an unbounded queue would use.
 */
const mostMb = 512;
/**
 * The allowed time until an order shows its payment. This time allows for a repeated webhook: if a webhook gets no
 * answer, the gateway waits before it sends the webhook again.
 */
const mostPaymentMs = 10_000;
const mostLatestMs = 1000;

export function makeOverloadReport(input: OverloadReportInput): OverloadReport {
  const { phases, latestMs, operations, resources, payments } = input;
  const checkouts = operations.filter(({ f }) => f === 'checkout');
  const reports = phases.map((phase) => reportPhase(phase, checkouts));
  const report = {
    commit: commit(),
    phases: reports,
    recoveredAfterMs: recoveredAfter(phases, checkouts),
    residentMb: serviceNames.map((name) => ({
      name,
      before: mostResident(resources, name, phaseOf(phases, 'before')),
      overload: mostResident(resources, name, phaseOf(phases, 'overload')),
    })),
    paymentP99Ms: percentile(paymentTimes(operations, payments, phaseOf(phases, 'overload')), 0.99),
    latestMs: Math.round(latestMs),
  };
  return { ...report, claims: judge(report, { checkouts, orders: input.orders }) };
}

function judge(
  report: Omit<OverloadReport, 'claims'>,
  { checkouts, orders }: { checkouts: Operation[]; orders: OrderRecord[] },
): Claim[] {
  const { phases, recoveredAfterMs, residentMb, paymentP99Ms, latestMs } = report;
  const keys = new Set(orders.map(({ key }) => key));
  const lost = checkouts.filter(({ outcome, request }) => outcome === 'ok' && !keys.has(request.key ?? ''));
  const begun = checkouts.filter(({ response, request }) => isShed(response) && keys.has(request.key ?? ''));
  const unfinished = orders.filter(isOpen);
  const over = phases.find(({ name }) => name === 'overload');
  const [shed, otherwise] = [over?.shed ?? 0, countOf(over?.otherwise ?? {})];
  const most = Math.max(...residentMb.map(({ overload }) => overload));
  return [
    { text: `the api sheds checkouts (${shed})`, holds: shed > 0 },
    {
      text: `for every 100 checkouts that are shed, at most one other checkout fails (${otherwise} in all)`,
      holds: otherwise <= shed / 100,
    },
    { text: `no accepted order is lost (${lost.length} missing)`, holds: lost.length === 0 },
    { text: `no shed checkout has an order (${begun.length} has)`, holds: begun.length === 0 },
    { text: `no order stays open (${unfinished.length})`, holds: unfinished.length === 0 },
    { text: `each process uses less than ${mostMb} MB of memory (${Math.round(most)} MB)`, holds: most < mostMb },
    {
      text: `orders show payments in time: ${inMs(paymentP99Ms)} after the gateway received them (p99)`,
      holds: paymentP99Ms !== null && paymentP99Ms <= mostPaymentMs,
    },
    {
      text: `the rate is back at 90 % within 30 s (${inMs(recoveredAfterMs)})`,
      holds: recoveredAfterMs !== null && recoveredAfterMs <= recoveryMs,
    },
    { text: `the load was on time (at most ${latestMs} ms late)`, holds: latestMs <= mostLatestMs },
  ];
}

function reportPhase(phase: Phase, checkouts: Operation[]): PhaseReport {
  const { name, startMs, endMs } = phase;
  const came = checkouts.filter((operation) => isWithin(operation.startMs, phase));
  const seconds = (endMs - startMs) / 1000;
  const answered = came.filter(({ outcome }) => outcome === 'ok');
  const shed = came.filter(({ response }) => isShed(response));
  const otherwise: Record<string, number> = {};
  for (const { outcome, response } of came) {
    if (outcome === 'ok' || isShed(response)) continue;
    const code = String(response.code ?? response.status ?? 'no answer');
    otherwise[code] = (otherwise[code] ?? 0) + 1;
  }
  const within = checkouts.filter(({ outcome, endMs: atMs }) => outcome === 'ok' && isWithin(atMs, phase));
  return {
    name,
    offeredPerSecond: oneDecimal(came.length / seconds),
    answeredPerSecond: oneDecimal(within.length / seconds),
    answered: answered.length,
    shed: shed.length,
    otherwise,
    p50Ms: percentile(answered.map(took), 0.5),
    p99Ms: percentile(answered.map(took), 0.99),
    shedP99Ms: percentile(shed.map(took), 0.99),
  };
}

function recoveredAfter(phases: Phase[], checkouts: Operation[]): number | null {
  const [before, after] = [phaseOf(phases, 'before'), phaseOf(phases, 'after')];
  const answeredIn = (fromMs: number, toMs: number): number =>
    checkouts.filter(({ outcome, endMs }) => outcome === 'ok' && endMs >= fromMs && endMs < toMs).length;
  const wanted = (nearly * answeredIn(before.startMs, before.endMs)) / (before.endMs - before.startMs);
  for (let fromMs = after.startMs; fromMs + windowMs <= after.endMs; fromMs += 500) {
    if (answeredIn(fromMs, fromMs + windowMs) / windowMs >= wanted) return fromMs - after.startMs;
  }
  return null;
}

function paymentTimes(operations: Operation[], payments: PaymentShown[], phase: Phase): number[] {
  const shownAt = new Map(payments.map(({ paymentId, paidAtMs }) => [paymentId, paidAtMs]));
  return operations
    .filter(({ f, outcome, endMs }) => f === 'settle' && outcome === 'ok' && isWithin(endMs, phase))
    .map(({ request, endMs }) => Math.max(0, (shownAt.get(request.paymentId ?? '') ?? Infinity) - endMs));
}

function mostResident(resources: Resources[], name: string, phase: Phase): number {
  const of = resources.filter((look) => look.name === name && isWithin(look.atMs, phase));
  return Math.round(Math.max(0, ...of.map(({ residentMb }) => residentMb)));
}

function phaseOf(phases: Phase[], name: Phase['name']): Phase {
  const phase = phases.find((one) => one.name === name);
  if (phase === undefined) throw new Error(`there was no phase ${name}`);
  return phase;
}

function isWithin(atMs: number, { startMs, endMs }: Phase): boolean {
  return atMs >= startMs && atMs < endMs;
}

function isShed({ code }: Operation['response']): boolean {
  return code === 'overloaded';
}

function took({ startMs, endMs }: Operation): number {
  return endMs - startMs;
}

function percentile(numbers: number[], share: number): number | null {
  return numbers.toSorted((one, other) => one - other)[Math.floor(share * (numbers.length - 1))] ?? null;
}

function oneDecimal(number: number): number {
  return Math.round(number * 10) / 10;
}

function countOf(counts: Record<string, number>): number {
  return Object.values(counts).reduce((sum, count) => sum + count, 0);
}

function inMs(ms: number | null): string {
  return ms === null ? 'never' : `${Math.round(ms)} ms`;
}
