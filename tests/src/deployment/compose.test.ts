import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TemporalTarget } from '@widget-store/runtime';
import { Ajv2020 } from 'ajv/dist/2020';
import { readEnv as readDatabaseEnv } from '../../../db/src/env';
import { readEnv as readGatewayEnv } from '../../../dev/src/gateway/env';
import { readEnv as readApiEnv } from '../../../services/api/src/env';
import { readEnv as readWorkerEnv } from '../../../services/worker/src/env';
import { readSetupEnv } from '../../../services/worker/src/setup/env';
import { inEnvironment } from './chartEnvironment';
import { repositoryRoot } from '@widget-store/dev';
import { type ComposeService, containerEnvironment, readComposeFile, variablesIn } from './composeFile';
import { readRepositoryFile } from '../support/repositoryFile';
import { dockerfile, stageOf } from './dockerfile';

const compose = readComposeFile();
const all = Object.entries(compose.services);
const ours = all.filter(([, service]) => service.build !== undefined);
const jobs = new Set(all.flatMap(([, service]) => awaited(service, 'service_completed_successfully')));
const longRunning = all.filter(([name]) => !jobs.has(name));

/** What an operator sets before the first start. */
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

  it('waits only for what can come true', () => {
    const names = new Set(all.map(([name]) => name));
    const healthy = all.flatMap(([, service]) => awaited(service, 'service_healthy'));
    expect([...jobs, ...healthy].filter((name) => !names.has(name))).toEqual([]);
    expect(healthy.filter((name) => jobs.has(name) || named(name).healthcheck === undefined)).toEqual([]);
  });

  it('takes images of one exact version', () => {
    const foreign = all.filter(([, service]) => service.build === undefined);
    for (const [, { image }] of foreign) expect(image).toMatch(/^[a-z/-]+:v?\d+\.\d+/);
    for (const base of dockerfile.match(/^FROM \S+/gm) ?? [])
      expect(base).toMatch(/node:\d+\.\d+\.\d+-bookworm(-slim)?$|manifests$/);
  });
});

describe('a service that runs for long', () => {
  it('is one of these; every other is a job that somebody waits for', () => {
    expect(longRunning.map(([name]) => name).toSorted()).toEqual([
      'api',
      'gateway',
      'grafana',
      'postgres',
      'prometheus',
      'temporal',
      'temporal-ui',
      'worker',
    ]);
  });

  it.each(longRunning)('%s comes back by itself and says whether it is well', (_name, service) => {
    expect(service.restart).toBe('unless-stopped');
    expect(service.healthcheck?.test[0]).toBe('CMD');
  });

  it('gets longer to stop than it takes to drain', () => {
    expect(secondsToStop('api')).toBeGreaterThan(6);
    expect(secondsToStop('worker')).toBeGreaterThan(10);
    expect(secondsToStop('gateway')).toBeGreaterThan(3);
  });

  it.each([
    ['api', 'PORT'],
    ['worker', 'WORKER_PORT'],
    ['gateway', 'GATEWAY_PORT'],
  ])('%s is asked at its own port', (name, variable) => {
    const port = containerEnvironment(named(name), operator)[variable];
    expect(healthProbe(name)).toContain(`http://127.0.0.1:${port}/readyz`);
  });

  it.each(['api', 'worker', 'gateway'])('%s is well while it answers 200, and not otherwise', async (name) => {
    expect(await probe(name, 200)).toBe(0);
    expect(await probe(name, 503)).toBe(1);
    expect(await probe(name, 'nobody listens')).toBe(1);
  });
});

describe('a service of ours', () => {
  it.each(ours)('%s runs a program that the build makes and the image holds', (_name, service) => {
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

  it('migrates and seeds with the commands of `make migrate`', () => {
    const steps = named('migrate').command?.at(-1)?.split(' && ') ?? [];
    expect(steps).toHaveLength(2);
    for (const step of steps) expect(readRepositoryFile('Makefile')).toContain(`@${step}\n`);
  });

  it.each(['false', 'true'])('finds every variable that it requires, with DEMO=%s', (demo) => {
    const databaseUrl = 'postgres://store:store-password@postgres:5432/store';
    const read = <Env>(name: string, readEnv: () => Env): Env =>
      inEnvironment(containerEnvironment(named(name), { ...operator, DEMO: demo }), readEnv);
    const reachable = { demo: demo === 'true', host: '0.0.0.0', databaseUrl };
    const temporal = { connectionOptions: { address: 'temporal:7233' }, namespace: 'default' };
    expect(read('migrate', readDatabaseEnv)).toEqual({ databaseUrl });
    expect(read('temporal-namespace', readSetupEnv)).toMatchObject({ temporal, retentionDays: 3 });
    expect(read('worker', readWorkerEnv)).toMatchObject({
      ...reachable,
      temporal,
      prebuiltBundle: true,
      port: 3001,
      gateway: { name: 'sandbox', url: 'http://gateway:3002', apiKey: operator.GATEWAY_API_KEY },
      deploymentVersion: undefined,
    });
    expect(read('gateway', readGatewayEnv)).toMatchObject({
      host: '0.0.0.0',
      webhookUrl: 'http://api:3000',
      apiKey: operator.GATEWAY_API_KEY,
      webhookSecret: operator.PAYMENT_WEBHOOK_SECRET,
    });
    expect(read('api', readApiEnv)).toMatchObject({
      ...reachable,
      temporal,
      port: 3000,
      workerUrl: 'http://worker:3001',
    });
  });

  it('takes Stripe for its gateway when it is told to, with the secret that each service needs', () => {
    const stripe = {
      ...operator,
      PAYMENT_GATEWAY: 'stripe',
      STRIPE_MODE: 'test',
      STRIPE_SECRET_KEY: `rk_test_${randomBytes(24).toString('hex')}`,
      STRIPE_WEBHOOK_SECRET: `whsec_${randomBytes(16).toString('hex')}`,
    };
    const environmentOf = (name: string) => containerEnvironment(named(name), stripe);
    expect(inEnvironment(environmentOf('worker'), readWorkerEnv).gateway).toEqual({
      name: 'stripe',
      secretKey: stripe.STRIPE_SECRET_KEY,
      url: undefined,
    });
    expect(inEnvironment(environmentOf('api'), readApiEnv).webhooks).toEqual({
      gateway: 'stripe',
      webhookSecret: stripe.STRIPE_WEBHOOK_SECRET,
      mode: 'test',
    });
    expect(Object.values(environmentOf('api'))).not.toContain(stripe.STRIPE_SECRET_KEY);
  });

  it('encrypts payloads when it is told to, in both services with the same keys', () => {
    const key = `2026-11:${randomBytes(32).toString('base64')}`;
    const keysOf = (name: string, readEnv: () => { temporal: TemporalTarget }) =>
      inEnvironment(containerEnvironment(named(name), { ...operator, PAYLOAD_ENCRYPTION_KEYS: key }), readEnv).temporal
        .payloadKeys;
    expect(keysOf('worker', readWorkerEnv)?.current?.id).toBe('2026-11');
    expect(keysOf('api', readApiEnv)).toEqual(keysOf('worker', readWorkerEnv));
  });

  it('has the code and the manifest of each package that it needs, and no other', () => {
    const packages = [
      'contract',
      'runtime',
      'workflows',
      'activities',
      'db',
      'services/api',
      'services/worker',
      'services/web',
    ];
    const copied = (pattern: RegExp): string[] =>
      [...stageOf('runtime').matchAll(pattern)].map((match) => match[1] ?? '').toSorted();
    expect(copied(/^COPY --from=build \/app\/(\S+)\/dist \1\/dist$/gm)).toEqual(packages.toSorted());
    expect([...stageOf('manifests').matchAll(/^COPY (\S+)\/package\.json \1\/$/gm)].map((match) => match[1])).toEqual(
      packages,
    );
    expect(packages.flatMap(workspaceDependencies).filter((name) => !packages.includes(name))).toEqual([]);
  });
});

describe('an operator can rely on it that', () => {
  it('nothing is published beyond this machine, and neither database nor Temporal at all', () => {
    const published = all.flatMap(([, { ports = [] }]) => ports);
    expect(published).not.toEqual([]);
    for (const port of published) expect(port).toMatch(/^127\.0\.0\.1:/);
    expect(named('postgres').ports).toBeUndefined();
    expect(named('temporal').ports).toBeUndefined();
  });

  it('no secret has a default', () => {
    const variables = variablesIn(readRepositoryFile('docker-compose.yml'));
    const secrets = variables.filter(({ name }) => /PASSWORD|SECRET|TOKEN|KEY/.test(name));
    expect(secrets.filter(({ operator: kind, text }) => kind === ':-' && text !== '')).toEqual([]);
    expect(secrets.filter(({ name, operator: kind }) => name in operator && kind !== ':?')).toEqual([]);
  });

  it('no secret is written down', () => {
    const entries = all.flatMap(([, { environment = {} }]) => Object.entries(environment));
    const secret = entries.filter(([name]) => /PASSWORD|PWD|SECRET|TOKEN|KEY/.test(name)).map(([, value]) => value);
    const inUrls = entries.flatMap(([, value]) => /\/\/\w+:(.*)@/.exec(String(value))?.[1] ?? []);
    expect(inUrls).not.toEqual([]);
    for (const value of [...secret, ...inUrls]) expect(value).toMatch(/^\$\{[A-Z_]+:[?-][^}]*\}$/);
  });

  it('a start without a password or a secret stops with words that say which', () => {
    for (const name of Object.keys(operator)) {
      const start = (): unknown => all.map(([, service]) => containerEnvironment(service, { ...operator, [name]: '' }));
      expect(start).toThrow(`${name} is missing: set it to the`);
    }
  });

  it.each(all)('%s is not root and cannot become it', (_name, service) => {
    const inImage = dockerfile
      .match(/^USER (\S+)$/gm)
      ?.at(-1)
      ?.split(' ')[1];
    const user = service.user ?? (service.build === undefined ? undefined : inImage);
    expect(user).toMatch(/^(postgres|1000:1000|65534:65534|472:0)$/);
    expect(service.cap_drop).toEqual(['ALL']);
    expect(service.security_opt).toContain('no-new-privileges:true');
  });

  it.each(all)('%s has bounded memory, a first process that reaps, and files that nobody changes', (name, service) => {
    expect(service.mem_limit).toMatch(/^\d+m$|^\d+g$/);
    expect(service.init).toBe(true);
    // The image of the Temporal server writes its configuration at its start.
    expect(service.read_only).toBe(name === 'temporal' ? undefined : true);
  });
});

function named(name: string): ComposeService {
  const service = compose.services[name];
  if (service === undefined) throw new Error(`There is no service ${name}.`);
  return service;
}

function awaited(service: ComposeService, condition: string): string[] {
  return Object.entries(service.depends_on ?? {}).flatMap(([name, wait]) => (wait.condition === condition ? name : []));
}

function secondsToStop(name: string): number {
  return Number(/^(\d+)s$/.exec(named(name).stop_grace_period ?? '')?.[1]);
}

/** The script of a health check of the form `node -e script`. */
function healthProbe(name: string): string {
  const [kind, program, flag, script = ''] = named(name).healthcheck?.test ?? [];
  expect([kind, program, flag]).toEqual(['CMD', 'node', '-e']);
  return script;
}

/** Runs the health check for real against a server that answers a status; resolves with the check's exit status. */
async function probe(name: string, answer: number | 'nobody listens'): Promise<number> {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/readyz' && typeof answer === 'number' ? answer : 404).end();
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  if (answer === 'nobody listens') server.close();
  try {
    const script = healthProbe(name).replace(/:\d+\/readyz/, `:${port}/readyz`);
    return await new Promise<number>((resolve) => {
      const child = execFile(process.execPath, ['-e', script], { timeout: 10_000 }, () =>
        resolve(child.exitCode ?? -1),
      );
    });
  } finally {
    server.close();
  }
}

/** The folders of the packages of ours that a package needs to run. */
function workspaceDependencies(folder: string): string[] {
  const { dependencies = {} } = JSON.parse(readRepositoryFile(`${folder}/package.json`)) as {
    dependencies?: Record<string, string>;
  };
  const names = Object.keys(dependencies).filter((name) => name.startsWith('@widget-store/'));
  return names
    .map((name) => name.slice('@widget-store/'.length))
    .map((name) => (existsSync(join(repositoryRoot, name, 'package.json')) ? name : `services/${name}`));
}
