import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { CheckoutBody } from '@widget-store/api';
import { repositoryRoot } from '@widget-store/dev';
import { Ajv2020 } from 'ajv/dist/2020';
import { eventually } from '../support/eventually';
import { bearer, newKey } from '../support/http/shopper';
import { readRepositoryFile } from '../support/repositoryFile';
import { type ComposedStore, startComposedStore } from './composedStore';
import { type ComposeService, containerEnvironment, readComposeFile, variablesIn } from './composeFile';
import { drainMs } from './drain';
import { dockerfile, stageOf } from './dockerfile';
import { probeStatus } from './healthProbe';

const compose = readComposeFile();
const all = Object.entries(compose.services);
const ours = all.filter(([, service]) => service.build !== undefined);
/** The services that must complete before other services start. */
const jobs = new Set(all.flatMap(([, service]) => awaited(service, 'service_completed_successfully')));
/** Services of the profile `tools` run one command of an operator. */
const longRunning = all.filter(([name, { profiles }]) => !jobs.has(name) && !profiles?.includes('tools'));

/** The variables that an operator sets before the first start. */
const operator = {
  POSTGRES_PASSWORD: 'super-password',
  STORE_DB_PASSWORD: 'store-password',
  TEMPORAL_DB_PASSWORD: 'temporal-password',
  PAYMENT_WEBHOOK_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
  GATEWAY_API_KEY: randomBytes(24).toString('hex'),
  ADMIN_TOKEN: randomBytes(24).toString('hex'),
};

describe('the compose file', () => {
  it('is valid by the Compose Specification', () => {
    const schema = JSON.parse(readRepositoryFile('tests/schemas/compose-spec/compose-spec.json')) as object;
    const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
    expect(validate(compose) ? [] : validate.errors).toEqual([]);
  });

  it('lets a service wait only for a job that exists or for a service that has a health check', () => {
    const names = new Set(all.map(([name]) => name));
    const healthy = all.flatMap(([, service]) => awaited(service, 'service_healthy'));
    expect([...jobs, ...healthy].filter((name) => !names.has(name))).toEqual([]);
    expect(healthy.filter((name) => jobs.has(name) || named(name).healthcheck === undefined)).toEqual([]);
  });

  it('pins every image to one exact version', () => {
    const foreign = all.filter(([, service]) => service.build === undefined);
    for (const [, { image }] of foreign) expect(image).toMatch(/^[a-z/-]+:v?\d+\.\d+/);
    for (const base of dockerfile.match(/^FROM \S+/gm) ?? [])
      expect(base).toMatch(/node:\d+\.\d+\.\d+-bookworm(-slim)?$|manifests$/);
  });

  it.each(longRunning)('restarts %s if it dies, and checks its health', (_name, service) => {
    expect(service.restart).toBe('unless-stopped');
    expect(service.healthcheck?.test[0]).toBe('CMD');
  });

  it.each(ours)('runs in %s a program that the build creates and the image contains', (_name, service) => {
    const programs = (service.command ?? []).join(' ').match(/[\w/]+\.js/g) ?? [];
    expect(programs).not.toEqual([]);
    for (const program of programs) {
      expect(program).toMatch(/\/dist\//);
      expect(existsSync(join(repositoryRoot, program.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true);
      const { build } = service;
      const stage = typeof build === 'object' ? build.target : 'runtime';
      expect(stageOf(stage)).toContain(`COPY --from=build /app/${program.split('/dist/')[0]}/dist `);
    }
  });
});

describe('the store of the compose file', () => {
  let store: ComposedStore;

  beforeAll(async () => {
    store = await startComposedStore(operator);
  });
  afterAll(() => store?.close());

  it('sells and receives payments with the environment of the file', async () => {
    const headers = { Accept: 'application/json' };
    const checkout = await fetch(`${store.apiUrl}/checkout/${newKey()}`, { method: 'POST', headers });
    const { order_id: orderId, payment_id: paymentId } = (await checkout.json()) as CheckoutBody;
    const page = await fetch(`${store.apiUrl}/payment/${paymentId}/page`, { method: 'POST' });
    expect(page.status).toBe(200);
    await fetch(`${store.gatewayUrl}/pay/${paymentId}/pay`, { method: 'POST', redirect: 'manual' });
    await eventually(
      async () => (await fetch(`${store.apiUrl}/order/${orderId}`)).json() as Promise<{ payment_status: string }>,
      ({ payment_status: status }) => status === 'paid',
    );
  });

  it('runs outside demo mode, with the admin token of the operator', async () => {
    const statusWith = async (headers: Record<string, string>) =>
      (await fetch(`${store.apiUrl}/orders`, { headers })).status;
    expect(await statusWith({})).toBe(401);
    expect(await statusWith(bearer(operator.ADMIN_TOKEN))).toBe(200);
  });
});

describe('the programs of the compose file', () => {
  it.each(['api', 'worker', 'gateway'])('%s is probed on the port that it listens on', (name) => {
    const ports = Object.entries(containerEnvironment(named(name), operator)).filter(([variable]) =>
      /^(WORKER_|GATEWAY_)?PORT$/.test(variable),
    );
    expect(ports).toHaveLength(1);
    expect(healthProbe(name)).toContain(`http://127.0.0.1:${ports[0]?.[1]}/readyz`);
  });

  it.each(['api', 'worker', 'gateway'])('%s is healthy if and only if it returns 200', async (name) => {
    const probe = (status: number | undefined) =>
      probeStatus(status, (port) => ({ args: ['-e', healthProbe(name).replace(/:\d+\/readyz/, `:${port}/readyz`)] }));
    expect(await probe(200)).toBe(0);
    expect(await probe(503)).toBe(1);
    expect(await probe(undefined)).toBe(1);
  });

  it.each(['api', 'worker'] as const)('%s has more time to stop than it takes to drain', (name) => {
    const [, seconds] = /^(\d+)s$/.exec(named(name).stop_grace_period ?? '') ?? [];
    expect(Number(seconds) * 1000).toBeGreaterThan(drainMs(name));
  });

  it('api and worker get the same gateway and the same payload keys', () => {
    const shared = { PAYMENT_GATEWAY: 'another', PAYLOAD_ENCRYPTION_KEYS: '2026-11:canary' };
    for (const name of ['api', 'worker'])
      expect(containerEnvironment(named(name), { ...operator, ...shared })).toMatchObject(shared);
  });
});

describe('security of the compose file', () => {
  it('publishes no port of Postgres or Temporal, and publishes other ports only on loopback', () => {
    const published = all.flatMap(([, { ports = [] }]) => ports);
    expect(published).not.toEqual([]);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(named('postgres').ports).toBeUndefined();
    expect(named('temporal').ports).toBeUndefined();
  });

  it('has no default for a secret, and the error for a missing secret says what to set', () => {
    const variables = variablesIn(readRepositoryFile('docker-compose.yml'));
    const secrets = variables.filter(({ name }) => /PASSWORD|SECRET|TOKEN|KEY/.test(name));
    expect(secrets.filter(({ operator: kind, text }) => kind === ':-' && text !== '')).toEqual([]);
    const required = secrets.filter(({ name }) => name in operator);
    expect(new Set(required.map(({ name }) => name))).toEqual(new Set(Object.keys(operator)));
    for (const { operator: kind, text } of required)
      expect([kind, text]).toEqual([':?', expect.stringMatching(/^set it to the /)]);
  });

  it('contains no secret', () => {
    const entries = all.flatMap(([, { environment = {} }]) => Object.entries(environment));
    const secret = entries.filter(([name]) => /PASSWORD|PWD|SECRET|TOKEN|KEY/.test(name)).map(([, value]) => value);
    const inUrls = entries.flatMap(([, value]) => /\/\/\w+:(.*)@/.exec(String(value))?.[1] ?? []);
    expect(inUrls).not.toEqual([]);
    for (const value of [...secret, ...inUrls]) expect(value).toMatch(/^\$\{[A-Z_]+:[?-][^}]*\}$/);
  });

  it.each(all)('%s does not run as root and cannot become root', (_name, service) => {
    const inImage = dockerfile
      .match(/^USER (\S+)$/gm)
      ?.at(-1)
      ?.split(' ')[1];
    const user = service.user ?? (service.build === undefined ? undefined : inImage);
    expect(user).toMatch(/^(postgres|1000:1000|65534:65534|472:0)$/);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
  });

  it.each(all)(
    '%s has a memory limit, an init process and, except for temporal, a read-only file system',
    (name, service) => {
      expect(service.mem_limit).toMatch(/^\d+m$|^\d+g$/);
      expect(service.init).toBe(true);
      // The Temporal server's container writes its configuration when it starts, so its file system is not read-only.
      expect(service.read_only).toBe(name === 'temporal' ? undefined : true);
    },
  );
});

function named(name: string): ComposeService {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`There is no service ${name}.`);
  return service;
}

function awaited(service: ComposeService, condition: string): string[] {
  return Object.entries(service.depends_on ?? {}).flatMap(([name, wait]) => (wait.condition === condition ? name : []));
}

function healthProbe(name: string): string {
  const [kind, program, flag, script = ''] = named(name).healthcheck?.test ?? [];
  expect([kind, program, flag]).toEqual(['CMD', 'node', '-e']);
  return script;
}
