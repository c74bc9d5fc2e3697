import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { testWorkerId } from './env';
import { assertPortsFree, freePorts } from './ports';

let server: Server;

afterEach(() => {
  server.close();
});

async function listenOn(host: string): Promise<number> {
  server = createServer().listen(0, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

test.each(['127.0.0.1', '0.0.0.0'])('the error names a port that is taken on %s, and its variable', async (host) => {
  const port = await listenOn(host);
  const { free } = await freePorts('free');

  const checked = assertPortsFree([
    { name: 'WORKER_PORT', port: free },
    { name: 'PORT', port },
  ]);

  await expect(checked).rejects.toThrow(
    new Error(`port ${port} is in use: end the program that holds it, or set PORT to another port`),
  );
});

test('the error names every wrong port, even one that is given twice', async () => {
  const port = await listenOn('127.0.0.1');
  const { free } = await freePorts('free');

  const checked = assertPortsFree([
    { name: 'PORT', port: free },
    { name: 'WORKER_PORT', port: free },
    { name: 'POSTGRES_PORT', port },
  ]);

  await expect(checked).rejects.toThrow(
    new RegExp(`port ${free} is given to both PORT and WORKER_PORT.*\n.*port ${port} is in use.*POSTGRES_PORT`),
  );
});

test('free ports are free and all different', async () => {
  const ports = await freePorts('a', 'b', 'c', 'd', 'e');

  expect(new Set(Object.values(ports)).size).toBe(5);
  await assertPortsFree(Object.entries(ports).map(([name, port]) => ({ name, port })));
});

test('no port is returned twice, and each is in the range of this test process', async () => {
  const ports: number[] = [];
  for (let round = 0; round < 40; round++) ports.push(...Object.values(await freePorts('a', 'b', 'c', 'd', 'e')));

  expect(new Set(ports).size).toBe(ports.length);
  const from = 15_000 + (testWorkerId() % 8) * 2125;
  expect(ports.filter((port) => port < from || port >= from + 2125)).toEqual([]);
});
