import { createServer } from 'node:net';
import { createEventPoster, type EventPoster } from './post';

const secret = `whsec_${Buffer.alloc(32).toString('base64')}`;
const event = {
  eventId: 'evt_1',
  orderId: 'ord_1',
  type: 'order.paid',
  data: {},
  createdAt: '',
  attempts: 1,
} as const;

/** Posts an event once to an address on this machine. */
async function postTo(url: string): ReturnType<EventPoster['post']> {
  const poster = createEventPoster({ url, secret, allowLoopback: true, privateHosts: [] }, { maxConnections: 1 });
  const attempt = await poster.post(event, new AbortController().signal);
  poster.close();
  return attempt;
}

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
  expect((await postTo(`http://127.0.0.1:${port}/`)).outcome).toBe('refused');
  server.close();
});

it('the scheme of the address can be in capital letters', async () => {
  expect((await postTo('HTTPS://127.0.0.1:1/')).result).toContain('connect ECONNREFUSED 127.0.0.1:1');
});
