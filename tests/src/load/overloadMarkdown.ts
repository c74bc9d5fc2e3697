import { table } from '../chaos/markdown';
import type { OverloadReport } from './overloadReport';

export function overloadMarkdown({ commit, phases, residentMb, claims }: OverloadReport): string {
  return [
    '# Overload',
    `Commit ${commit}.`,
    ...claims.map(({ text, holds }) => `- ${holds ? 'holds' : '**does not hold**'}: ${text}`),
    '![checkouts a second](timeline.svg)',
    '## Checkouts',
    table(
      [
        '',
        'offered a second',
        'answered a second',
        'answered',
        'shed',
        'other failures',
        'p50',
        'p99',
        'p99 until shed',
      ],
      phases.map((phase) => [
        phase.name,
        phase.offeredPerSecond,
        phase.answeredPerSecond,
        phase.answered,
        phase.shed,
        JSON.stringify(phase.otherwise),
        ...[phase.p50Ms, phase.p99Ms, phase.shedP99Ms].map((ms) => (ms === null ? '' : `${ms} ms`)),
      ]),
    ),
    '## Highest memory, MB',
    table(
      ['', 'before', 'overload'],
      residentMb.map(({ name, before, overload }) => [name, before, overload]),
    ),
  ].join('\n\n');
}
