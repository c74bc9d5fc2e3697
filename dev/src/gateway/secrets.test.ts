import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryDirectory, type TemporaryDirectory } from '../temporaryDirectory';
import { gatewaySecrets } from './secrets';

let directory: TemporaryDirectory;

beforeEach(async () => {
  directory = await temporaryDirectory();
});

afterEach(() => directory.remove());

const secretsWith = (environment: Record<string, string>) => gatewaySecrets({ dataDir: directory.path, environment });
const file = () => join(directory.path, 'secrets.json');

test('new secrets are random, readable by their owner only, and kept', async () => {
  const made = await secretsWith({});

  expect(made.webhookSecret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(made.gatewayApiKey).toMatch(/^gw_[0-9a-f]{48}$/);
  expect((await stat(file())).mode & 0o777).toBe(0o600);
  expect(await secretsWith({})).toEqual(made);
});

test('secrets from the environment take precedence and are not stored', async () => {
  const given = { PAYMENT_WEBHOOK_SECRET: 'whsec_given', GATEWAY_API_KEY: 'key-given' };

  expect(await secretsWith(given)).toEqual({ webhookSecret: 'whsec_given', gatewayApiKey: 'key-given' });
  await expect(stat(file())).rejects.toMatchObject({ code: 'ENOENT' });
  expect(await secretsWith({ GATEWAY_API_KEY: 'key-given' })).toMatchObject({ gatewayApiKey: 'key-given' });
  expect(await readFile(file(), 'utf8')).not.toContain('key-given');
});

test('a file without the secrets is an error that names the file and does not quote its content', async () => {
  await writeFile(file(), 'hunter2');

  const failed = secretsWith({});

  await expect(failed).rejects.toThrow(`${file()} does not contain the secrets`);
  await expect(failed).rejects.not.toThrow('hunter2');
});
