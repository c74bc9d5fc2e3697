import type { OpsOrdersPage } from './api.js';
import { findNextToShip } from './nextToShip.js';

const order = (id: string, disputedMinor = 0) => ({ order_id: id, disputed_minor: disputedMinor });
const find = (pages: Record<string, unknown>[][]) =>
  findNextToShip('shipped', async (cursor) => {
    const index = Number(cursor ?? 0);
    const nextCursor = index + 1 < pages.length ? String(index + 1) : null;
    return { orders: pages[index], nextCursor } as unknown as OpsOrdersPage;
  });

test('the next order to ship is found after a page of disputed orders', async () => {
  expect(await find([[order('disputed', 500)], [order('shipped'), order('next'), order('later')]])).toMatchObject({
    order_id: 'next',
  });
  expect(await find([[order('disputed', 500)], [order('shipped')]])).toBeNull();
});
