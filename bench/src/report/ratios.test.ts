import { Results } from '../results';
import { ratiosOf } from './ratios';

describe('the ratios of a run', () => {
  it('are computed from medians, and a higher ratio is better, both for rates and for costs', () => {
    const results = new Results();
    for (const perSecond of [10, 30, 20]) results.add('store-file', { 'declined.perSecond': perSecond });
    results.add('dbos', { 'declined.perSecond': 40 });
    results.add('store-file', { 'declined.cpuMs': 50 });
    results.add('bare-file', { 'declined.cpuMs': 40 });
    const ratios = ratiosOf(results);
    expect(ratios['declined, to DBOS, Temporal on a file']).toMatchObject({ value: 0.5, ours: 20, theirs: 40 });
    expect(ratios['declined, store-file to bare-file']).toMatchObject({ value: 0.8, ours: 50, theirs: 40 });
  });

  it('add up checkout and webhook', () => {
    const results = new Results();
    results.add('store-postgres', { 'alone.checkoutMs': 30, 'alone.webhookMs': 10 });
    results.add('dbos', { 'alone.checkoutMs': 12, 'alone.webhookMs': 8 });
    expect(ratiosOf(results)['latency, to DBOS']).toMatchObject({
      value: 0.5,
      ours: 40,
      theirs: 20,
    });
  });

  it('omit goals that were not measured', () => {
    expect(ratiosOf(new Results())).toEqual({});
  });
});
