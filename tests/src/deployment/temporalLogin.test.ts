import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type TemporaryDirectory, temporaryDirectory } from '@widget-store/dev';
import { Connection } from '@temporalio/client';
import { searchAttributeNames } from '@widget-store/contract';
import { type CertificateAuthority, certificateAuthority } from '../support/network/certificate';
import { sharedServers } from '../support/env';
import { sell } from './sell';
import { setUpTemporal } from './setUpTemporal';
import { startTlsFrontend, type TlsFrontend } from './tlsFrontend';

/** The name in the certificate of the server. The name differs from the server's address. */
const serverName = 'temporal.example';
const apiKey = `key-${randomBytes(24).toString('hex')}`;

/** The released api and worker, configured for a Temporal that requires TLS. */
describe('a Temporal behind TLS', () => {
  let directory: TemporaryDirectory;
  let authority: CertificateAuthority;
  let mutual: TlsFrontend;
  let cloud: TlsFrontend;
  const file = (name: string) => join(directory.path, name);

  beforeAll(async () => {
    directory = await temporaryDirectory();
    authority = certificateAuthority();
    const clients = certificateAuthority();
    const target = sharedServers().temporalAddress;
    const certificate = authority.issue(serverName);
    mutual = await startTlsFrontend({ target, certificate, clientAuthority: clients.cert });
    cloud = await startTlsFrontend({ target, certificate, apiKey });
    const client = clients.issue('store.client');
    await Promise.all([
      writeFile(file('ca.pem'), authority.cert),
      writeFile(file('client.pem'), client.cert),
      writeFile(file('client.key'), client.key),
    ]);
    await writeFile(
      file('temporal.toml'),
      `[profile.production]
address = "${cloud.address}"
namespace = "default"
api_key = "${apiKey}"
[profile.production.tls]
server_name = "${serverName}"
server_ca_cert_path = "${file('ca.pem')}"
`,
    );
  });
  afterAll(async () => {
    await Promise.all([mutual.close(), cloud.close()]);
    await directory.remove();
  });

  const mutualTls = () => ({
    TEMPORAL_ADDRESS: mutual.address,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_TLS_SERVER_NAME: serverName,
    TEMPORAL_TLS_SERVER_CA_CERT_PATH: file('ca.pem'),
    TEMPORAL_TLS_CLIENT_CERT_PATH: file('client.pem'),
    TEMPORAL_TLS_CLIENT_KEY_PATH: file('client.key'),
  });

  it('accepts a client certificate (mTLS) from variables', async () => {
    await sell(mutualTls());
    expect([...mutual.clients]).toEqual(['store.client']);
    expect(mutual.passed()).toBeGreaterThan(10);
  });

  it('accepts an API key from a profile file', async () => {
    const lines = await sell({
      TEMPORAL_ADDRESS: undefined,
      TEMPORAL_CONFIG_FILE: file('temporal.toml'),
      TEMPORAL_PROFILE: 'production',
    });
    expect(lines.join('\n')).not.toContain(apiKey);
    expect(cloud.passed()).toBeGreaterThan(10);
  });

  it('gets its namespace, retention and search attributes from temporal-setup, which is idempotent', async () => {
    const namespace = `setup-${randomBytes(6).toString('hex')}`;
    const variables = { ...mutualTls(), TEMPORAL_NAMESPACE: namespace };
    const connection = await Connection.connect({ address: sharedServers().temporalAddress });
    const retentionDays = async () => {
      const { config } = await connection.workflowService.describeNamespace({ namespace });
      return Number(config?.workflowExecutionRetentionTtl?.seconds) / (24 * 60 * 60);
    };
    const ready = 'the namespace has everything that the store needs';
    expect(await setUpTemporal(variables)).toEqual(['namespace created', 'search attributes registered', ready]);
    expect(await retentionDays()).toBe(7);
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    expect(Object.keys(customAttributes)).toEqual(expect.arrayContaining(Object.values(searchAttributeNames)));

    expect(await setUpTemporal({ ...variables, TEMPORAL_RETENTION_DAYS: '3' })).toEqual(['retention changed', ready]);
    expect(await setUpTemporal(variables)).toEqual(['namespace exists', ready]);
    expect(await retentionDays()).toBe(3);
    await connection.close();
  });

  it('allows no connection without the right certificates, API key and server name', async () => {
    const ca = Buffer.from(authority.cert);
    const tls = { serverNameOverride: serverName, serverRootCACertificate: ca };
    const stranger = certificateAuthority().issue('store.client');
    const connectTimeout = 2000;
    const refused = [
      { address: mutual.address, tls },
      {
        address: mutual.address,
        tls: { ...tls, clientCertPair: { crt: Buffer.from(stranger.cert), key: Buffer.from(stranger.key) } },
      },
      { address: cloud.address, tls, apiKey: 'another' },
      { address: cloud.address, apiKey, tls: { serverRootCACertificate: ca } },
      { address: cloud.address, apiKey, tls: { serverNameOverride: serverName } },
    ].map((options) => Connection.connect({ ...options, connectTimeout }));
    const answers = await Promise.allSettled(refused);
    expect(answers.map(({ status }) => status)).toEqual(refused.map(() => 'rejected'));
  });
});
