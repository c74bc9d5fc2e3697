import type { OrderRecord } from '../chaos/evidence';
import type { Operation } from '../support/clients/history';
import { makeOverloadReport, type OverloadReportInput, type Phase } from './overloadReport';

const phases: Phase[] = [
  { name: 'before', ratePerSecond: 10, startMs: 0, endMs: 20_000 },
  { name: 'overload', ratePerSecond: 100, startMs: 20_000, endMs: 40_000 },
  { name: 'after', ratePerSecond: 10, startMs: 40_000, endMs: 80_000 },
];

/**
 * Returns a run in which ten checkouts a second are answered in every phase, and ninety more a second are shed during
 * the overload.
 */
function soundRun(): OverloadReportInput {
  const operations = phases.flatMap(({ name, startMs, endMs }) => {
    const tenths = Array.from({ length: (endMs - startMs) / 100 }, (_, index) => startMs + index * 100);
    return tenths.flatMap((atMs) => [
      checkout(`${name}-${atMs}`, atMs, 'ok'),
      ...(name === 'overload' ? Array.from({ length: 9 }, (_, index) => checkout(`shed-${atMs}-${index}`, atMs)) : []),
    ]);
  });
  const settled: Operation = { ...checkout('', 30_000, 'ok'), f: 'settle', request: { to: '', paymentId: 'pay_1' } };
  const orders = operations
    .filter(({ outcome }) => outcome === 'ok')
    .map(({ request }) => ({ key: request.key, status: 'DISPATCHED' }) as OrderRecord);
  return {
    phases,
    latestMs: 5,
    operations: [...operations, settled],
    resources: [{ atMs: 25_000, name: 'api-1', pid: 1, residentMb: 150, heapMb: 40, descriptors: 30 }],
    orders,
    payments: [{ paymentId: 'pay_1', paidAtMs: 30_300 }],
  };
}

function checkout(key: string, startMs: number, outcome: 'ok' | 'unknown' = 'unknown'): Operation {
  const response = outcome === 'ok' ? { status: 200 } : { status: 503, code: 'overloaded' };
  return {
    id: 0,
    process: key,
    f: 'checkout',
    request: { key, to: '' },
    startMs,
    endMs: startMs + 50,
    outcome,
    response,
  };
}

const broken = (input: OverloadReportInput): string[] =>
  makeOverloadReport(input)
    .claims.filter(({ holds }) => !holds)
    .map(({ text }) => text);

describe('the report of an overload', () => {
  it('describes a sound run', () => {
    const input = soundRun();
    Object.assign(input.orders[0] as object, { status: 'PAID', isToShip: true });
    const report = makeOverloadReport(input);
    expect(report.claims.filter(({ holds }) => !holds)).toEqual([]);
    expect(report).toMatchObject({ recoveredAfterMs: 0, paymentP99Ms: 250 });
    expect(report.phases[1]).toMatchObject({ offeredPerSecond: 100, answered: 200, shed: 1800, otherwise: {} });
  });

  it.each<[string, (input: OverloadReportInput) => unknown]>([
    ['no accepted order is lost (1 missing)', ({ orders }) => orders.pop()],
    [
      'no shed checkout has an order (1 has)',
      ({ orders }) => orders.push({ key: 'shed-20000-0', status: 'CANCELLED' } as OrderRecord),
    ],
    ['no order stays open (1)', ({ orders }) => Object.assign(orders[0] as object, { status: 'PENDING' })],
    [
      'orders show payments in time: Infinity ms after the gateway received them (p99)',
      ({ payments }) => payments.pop(),
    ],
    [
      'each process uses less than 512 MB of memory (600 MB)',
      ({ resources }) => Object.assign(resources[0] as object, { residentMb: 600 }),
    ],
    [
      'the rate is back at 90 % within 30 s (never)',
      ({ operations }) => operations.forEach((one) => one.startMs >= 40_000 && Object.assign(one, { outcome: 'fail' })),
    ],
    [
      'for every 100 checkouts that are shed, at most one other checkout fails (200 in all)',
      ({ operations }) =>
        operations
          .filter(({ request }) => request.key?.startsWith('overload'))
          .forEach((one) => Object.assign(one, { outcome: 'unknown', response: { status: 503, code: 'away' } })),
    ],
  ])('reports that this claim does not hold: %s', (text, spoil) => {
    const input = soundRun();
    spoil(input);
    expect(broken(input)).toContain(text);
  });
});
