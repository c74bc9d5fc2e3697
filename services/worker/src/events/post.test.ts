import { createServer } from 'node:net';
import { createEventPoster } from './post';

it('an answer with 101 ends the attempt', async () => {
  const server = createServer((socket) => {
    socket.once('data', () =>
      socket.end('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n'),
    );
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const rules = { allowLoopback: true, privateHosts: [] };
  const poster = createEventPoster(
    { url: `http://127.0.0.1:${port}/`, secret: `whsec_${Buffer.alloc(32).toString('base64')}`, ...rules },
    { maxConnections: 1 },
  );
  const event = {
    eventId: 'evt_1',
    orderId: 'ord_1',
    type: 'order.paid',
    data: {},
    createdAt: '',
    attempts: 1,
  } as const;
  const attempt = await poster.post(event, new AbortController().signal);
  expect(attempt.outcome).toBe('refused');
  poster.close();
  server.close();
});
