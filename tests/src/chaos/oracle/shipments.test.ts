import type { Evidence, OrderRecord } from '../evidence';
import { shipmentOf, soundEvidence } from './fixture';
import { judge } from '.';

const orderId = 'ord_shipped';

function change({ database }: Evidence, columns: Partial<OrderRecord>): void {
  Object.assign(database.orders.find((order) => order.orderId === orderId) ?? {}, columns);
}

/**
 * Each change breaks I10 for the manual order of a run without anomalies. The change may also cause other anomalies.
 */
const breakages: [string, (evidence: Evidence) => void][] = [
  ['two accepted parcels', ({ operations }) => operations.push(shipmentOf('second'))],
  ['another parcel than the accepted one', (evidence) => change(evidence, { carrier: 'second' })],
  ['an accepted shipment of a cancelled order', (evidence) => change(evidence, { status: 'CANCELLED' })],
  ['an order that nobody shipped', (evidence) => (evidence.operations = withoutShipments(evidence))],
  ['a shipment of a demo order', (evidence) => change(evidence, { fulfilment: 'demo' })],
  ['a tick', ({ database }) => database.ticks.push({ orderId, before: 10, after: 9 })],
];

const withoutShipments = ({ operations }: Evidence) => operations.filter(({ f }) => f !== 'ship');

describe('the oracle, about manual fulfilment', () => {
  it.each(breakages)('finds %s', (_what, breakIt) => {
    const evidence = soundEvidence();
    breakIt(evidence);
    expect(judge(evidence)).toContainEqual({ invariant: 'I10', what: expect.stringContaining(orderId) as string });
  });

  it('allows an order to wait for an operator at the end', () => {
    const evidence = soundEvidence();
    change(evidence, { status: 'PAID', isToShip: true, carrier: null, progress: 10 });
    evidence.operations = withoutShipments(evidence);
    evidence.database.ticks = evidence.database.ticks.filter((tick) => tick.orderId !== orderId);
    expect(judge(evidence)).toEqual([]);
  });
});
