import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  freePort,
  inheritedEnvironment,
  supervise,
  type SupervisedProcess,
  temporalClusterProcess,
  type TemporaryDirectory,
  temporaryDirectory,
} from '@widget-store/dev';
import { certificateAuthority } from '../support/network/certificate';
import { sharedServers } from '../support/env';
import { sell } from './sell';
import { setUpTemporal } from './setUpTemporal';

const compileDeadlineMs = 900_000;

/**
 * The test of `make temporal-check`. It is not part of `make test`, because the server takes minutes to compile if it
 * is not cached.
 */
describe('a self-hosted Temporal server on Postgres with TLS', () => {
  let directory: TemporaryDirectory;
  let server: SupervisedProcess;
  let variables: Record<string, string>;

  beforeAll(async () => {
    directory = await temporaryDirectory();
    const authority = certificateAuthority();
    const serverName = 'temporal.example';
    const client = authority.issue('store.client');
    const port = await freePort();
    server = supervise(
      await temporalClusterProcess({
        postgresPort: sharedServers().postgresPort,
        port,
        directory: join(directory.path, 'temporal'),
        environment: inheritedEnvironment(),
        tls: { authority: authority.cert, serverName, server: authority.issue(serverName), client },
      }),
    );
    await server.whenReady({ deadlineMs: 60_000 });
    const file = async (name: string, text: string): Promise<string> => {
      await writeFile(join(directory.path, name), text);
      return join(directory.path, name);
    };
    variables = {
      TEMPORAL_ADDRESS: `127.0.0.1:${port}`,
      TEMPORAL_NAMESPACE: 'shop',
      TEMPORAL_TLS_SERVER_NAME: serverName,
      TEMPORAL_TLS_SERVER_CA_CERT_PATH: await file('ca.pem', authority.cert),
      TEMPORAL_TLS_CLIENT_CERT_PATH: await file('client.pem', client.cert),
      TEMPORAL_TLS_CLIENT_KEY_PATH: await file('client.key', client.key),
    };
  }, compileDeadlineMs);
  afterAll(async () => {
    await server.stop();
    await directory.remove();
  });

  it('gets its namespace from temporal-setup, which is idempotent', async () => {
    const ready = 'the namespace has everything that the store needs';
    const retention = { TEMPORAL_RETENTION_DAYS: '3' };
    expect(await setUpTemporal({ ...variables, ...retention })).toEqual(['namespace created', ready]);
    expect(await setUpTemporal({ ...variables, ...retention })).toEqual(['namespace exists', ready]);
  });

  it('sells', async () => {
    await sell(variables);
  });
});
