import type { OrderRow } from '@widget-store/db';
import { orderBody } from './presenters';

const at = new Date(0);
const price = { totalMinor: 0, currency: 'USD' };
const order = {
  ...price,
  status: 'PAID',
  createdAt: at,
  updatedAt: at,
  expiresAt: at,
  items: [],
  adjustments: [],
  refunds: [],
};
const address = { line1: '1 Road', line2: null, city: 'York', postalCode: 'YO1', region: null, country: 'GB' };

describe('the order that a shopper sees', () => {
  it.each([
    ['ada@example.org', 'a…@example.org'],
    ['a@example.org', 'a…@example.org'],
    ['"ada@work"@example.org', '"…@example.org'],
    ['ada\u2028lovelace@example.org', 'a…@example.org'],
    ['ada.lovelace', 'a…'],
    ['', ''],
  ])('has the e-mail address %j only in part', (email, part) => {
    const buyer = { name: 'Ada Lovelace', email, phone: '+44 1', ...address };
    const { ship_to: shipTo } = orderBody({ ...order, buyer } as unknown as OrderRow);
    expect(shipTo?.email).toBe(part);
    expect(JSON.stringify(shipTo)).not.toContain(buyer.phone);
  });
});
