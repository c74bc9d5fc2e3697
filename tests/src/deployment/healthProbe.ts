import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * Runs a health probe of the form `node …` against a server whose `/readyz` answers with `status`.
 *
 * @param status the status of the answer; undefined to start no server
 * @param probe returns the arguments and the environment of the probe for the server's port
 * @returns the exit status of the probe
 */
export async function probeStatus(
  status: number | undefined,
  probe: (port: number) => { args: string[]; env?: Record<string, string> },
): Promise<number> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/readyz' && status !== undefined ? status : 404).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  if (status === undefined) server.close();
  const { args, env = {} } = probe(port);
  try {
    return await new Promise<number>((resolve) => {
      const child = execFile(process.execPath, args, { env, timeout: 10_000 }, () => resolve(child.exitCode ?? -1));
    });
  } finally {
    server.close();
  }
}
