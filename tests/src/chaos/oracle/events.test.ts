import type { Evidence } from '../evidence';
import { judgeEvents } from './events';
import { soundEvidence } from './fixture';

const eventIn = (events: Evidence['events'], type: string): number => events.findIndex((event) => event.type === type);

function found<Item>(item: Item | undefined): Item {
  if (item === undefined) throw new Error('the fixture does not contain what the test needs');
  return item;
}

describe('the oracle finds', () => {
  it.each<[string, (evidence: Evidence) => unknown]>([
    ['an event that never arrived', ({ events }) => void events.splice(eventIn(events, 'order.paid'), 1)],
    ['an event that was only refused', ({ events }) => (found(events[eventIn(events, 'order.paid')]).status = 503)],
    ['a refund without an event', ({ events }) => void events.splice(eventIn(events, 'order.refunded'), 1)],
    [
      'a dispute without an event',
      ({ database }) =>
        found(database.orders[0]).disputes.push({ gatewayDisputeId: 'dp_1', amountMinor: 1, status: 'open' }),
    ],
    ['an event with two ids', ({ events }) => events.push({ ...found(events[0]), id: 'evt_other' })],
    [
      'an event before an earlier one was accepted',
      ({ events }) => {
        const paid = eventIn(events, 'order.paid');
        events.splice(paid - 1, 2, found(events[paid]), found(events[paid - 1]));
      },
    ],
  ])('%s', (_what, breakIt) => {
    const evidence = soundEvidence();
    expect(judgeEvents(evidence)).toEqual([]);
    breakIt(evidence);
    expect(judgeEvents(evidence).map(({ invariant }) => invariant)).toContain('I11');
  });
});
