import { requireAdmin } from '../middleware/requireAdmin';
import { outgoingEventRoutes } from './outgoingEvents';

test('all failed events are sent again by one request, however many statements that needs', async () => {
  let failed = 2500;
  const redeliverEvents = ({ limit }: { limit: number }) => {
    const redelivered = Math.min(limit, failed);
    failed -= redelivered;
    return Promise.resolve(redelivered);
  };
  const redeliverEvent = () => Promise.reject(new Error('not called'));
  const routes = outgoingEventRoutes({ store: { redeliverEvent, redeliverEvents }, admin: requireAdmin(undefined) });
  const answer = await routes.request('/ops/events/redeliver', { method: 'POST' });
  expect([answer.status, await answer.json(), failed]).toEqual([202, { redelivered: 2500 }, 0]);
});
