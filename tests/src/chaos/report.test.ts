import { familiesCalled, type FaultFamily, type FaultRecord } from './faults';
import { soundEvidence } from './oracle/fixture';
import { makeReport, type RunSettings } from './report';

const fault = (family: FaultFamily, confirmed: boolean): FaultRecord => ({
  family,
  kind: `a kind of ${family}`,
  target: 'somebody',
  startMs: 1,
  undoneMs: 2,
  endMs: 3,
  confirmed,
  proof: '',
});
const minute = 60_000;
const settings: RunSettings = {
  seed: 1,
  durationMs: minute,
  loadStartMs: 0,
  families: ['kill', 'crash', 'network'],
  notDone: {},
};
const withoutEffect = (faults: FaultRecord[], changed: Partial<RunSettings> = {}): string[] =>
  makeReport({
    settings: { ...settings, ...changed },
    evidence: soundEvidence(),
    faults,
    anomalies: [],
    mutants: null,
  }).withoutEffect;

describe('the fault families that the report calls "without effect"', () => {
  const kill = fault('kill', true);
  const [felt, unfelt] = [fault('network', true), fault('network', false)];

  it('in a short run: only kill, and families with at least three faults', () => {
    expect(withoutEffect([])).toEqual(['kill']);
    expect(withoutEffect([fault('kill', false)])).toEqual(['kill']);
    expect(withoutEffect([kill, unfelt, unfelt, fault('crash', false)])).toEqual([]);
    expect(withoutEffect([kill, unfelt, unfelt, unfelt])).toEqual(['network']);
    expect(withoutEffect([kill, unfelt, unfelt, felt])).toEqual([]);
  });

  it('in a full run: any family that was requested and is possible', () => {
    const durationMs = 3 * minute;
    expect(withoutEffect([kill, felt], { durationMs })).toEqual(['crash']);
    expect(withoutEffect([kill, fault('crash', true)], { durationMs, notDone: { network: 'no proxy' } })).toEqual([]);
    expect(withoutEffect([felt], { durationMs, families: ['network'] })).toEqual([]);
  });
});

describe('FAULTS', () => {
  it('accepts names of families only', () => {
    expect(familiesCalled(['kill', 'network'])).toEqual(['kill', 'network']);
    expect(() => familiesCalled(['kill', 'netwrok'])).toThrow('and not netwrok');
  });
});
