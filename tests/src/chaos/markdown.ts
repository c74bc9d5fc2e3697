import { invariants } from './oracle';
import type { Report } from './report';

export function reportMarkdown(report: Report): string {
  const { seed, commit, durationMs, speed, mutants } = report;
  const total = Object.values(report.anomalies).reduce((sum, count) => sum + count, 0);
  return [
    `# Chaos run, seed ${seed}`,
    `Commit ${commit}, ${durationMs / 1000} s of load.`,
    `**${total} anomalies.** All work was done ${inMs(report.settledAfterMs)} after the load; longest recovery after a fault: ${inMs(report.longestRecoveryMs)}.`,
    mutants === null
      ? 'Mutants: not tested yet.'
      : `Mutants caught: ${mutants.caught} of ${mutants.of} (on ${mutants.commit}).`,
    '![requests a second, and the faults](timeline.svg)',
    '## Invariants',
    table(
      ['', 'invariant', 'anomalies'],
      Object.entries(invariants).map(([name, text]) => [name, text, report.anomalies[name as keyof typeof invariants]]),
    ),
    ...report.firstAnomalies.map(({ invariant, what }) => `- ${invariant}: ${what}`),
    '## Operations',
    table(
      ['', 'ok', 'fail', 'unknown'],
      Object.entries(report.operations).map(([f, { ok, fail, unknown }]) => [f, ok, fail, unknown]),
    ),
    `Answers of 500: ${report.internalErrors}. Runs that were terminated and replaced: ${report.runsGivenUp}.`,
    '## Faults',
    table(
      ['family', 'kind', 'inflicted', 'effect confirmed'],
      report.faults.map(({ family, kind, inflicted, confirmed }) => [family, kind, inflicted, confirmed]),
    ),
    ...Object.entries(report.notDone).map(([family, why]) => `- not done: ${family}, because ${why}`),
    ...report.withoutEffect.map((family) => `- no effect was proved: ${family}`),
    '## Webhooks',
    table(['class', 'number'], Object.entries(report.webhooks)),
    '## Orders',
    table(['status/payment', 'number'], Object.entries(report.orders)),
    '## Speed of checkouts',
    table(
      ['', 'seconds', 'answered a second', 'p50', 'p99'],
      Object.entries({ 'with faults': speed.withFaults, 'without faults': speed.withoutFaults }).map(([name, one]) => [
        name,
        one.seconds,
        one.answeredPerSecond,
        inMs(one.p50Ms),
        inMs(one.p99Ms),
      ]),
    ),
  ].join('\n\n');
}

export function table(head: string[], rows: (string | number)[][]): string {
  const line = (cells: (string | number)[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

function inMs(ms: number | null): string {
  return ms === null ? '(never)' : `${Math.round(ms)} ms`;
}
