import { table } from '../chaos/markdown';
import type { SoakReport } from './soakReport';

export function soakMarkdown(report: SoakReport): string {
  const { commit, seed, rate, durationMs, warmUpMs, operations, faults, trends, claims } = report;
  return [
    '# Soak',
    `Commit ${commit}, seed ${seed}, ${durationMs / 1000} s of ${rate} checkouts a second, measured after ${warmUpMs / 1000} s.`,
    `Requests: ${operations.ok} ok, ${operations.fail} failed, ${operations.unknown} unknown. ${faults} faults took effect.`,
    ...claims.map(({ text, holds }) => `- ${holds ? 'holds' : '**does not hold**'}: ${text}`),
    '## Resources',
    table(
      ['', 'mean', 'highest', 'slope an hour', 'rise', 'highest allowed rise'],
      trends.map(({ name, unit, mean, most, perHour, rise, mostRise }) => [
        name,
        ...[mean, most, perHour, rise, mostRise].map((number) => `${number.toFixed(1)} ${unit}`.trim()),
      ]),
    ),
  ].join('\n\n');
}
