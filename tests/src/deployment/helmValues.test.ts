import { dirname } from 'node:path';
import type { TemporalTarget } from '@widget-store/runtime/temporal';
import { environmentOf, inEnvironment, programOf, secrets } from './chartEnvironment';
import {
  compileDeadlineMs,
  containersOf,
  kind,
  type Manifest,
  onlyContainer,
  render,
  type Workload,
  workloads,
} from './helmChart';
import { schemaCheck } from './kubernetesSchemas';

describe('the values', () => {
  let cloud: Manifest[] = [];
  beforeAll(async () => {
    cloud = await render('values-temporal-cloud.yaml');
  }, compileDeadlineMs);

  it.each([
    ['api.env[0].name=GATEWAY_API_KEY,api.env[0].value=canary', '/api/env/0'],
    ['worker.env[0].name=DATABASE_URL,worker.env[0].value=canary', '/worker/env/0'],
    ['secrets.adminToken.value=canary', '/secrets/adminToken'],
    ['api.env[0].name=DEMO,api.env[0].value=true', '/api/env/0/name'],
    ['networkPolicy.prometheus=null', '/networkPolicy'],
    ['image.tag=', '/image/tag'],
    ['store.publicUrl=https://example.com/store', '/store/publicUrl'],
    ['store.corsOrigins[0]=https://shop.example/', '/store/corsOrigins/0'],
    ['store.corsOrigins[0]=https://shop.example/page', '/store/corsOrigins/0'],
    ['store.corsOrigins[0]=https://Shop.example', '/store/corsOrigins/0'],
    ['store.corsOrigins[0]=https://shop.example:443', '/store/corsOrigins/0'],
    ['store.imageOrigins[0]=http://cdn.example', '/store/imageOrigins/0'],
    ['events.url=http://mail.example', '/events/url'],
    ['gateway.url=', '/gateway/url'],
    ['secrets.gatewayApiKey.value=canary', '/secrets/gatewayApiKey'],
    ['wroker.databasePoolSize=3', 'wroker'],
    ['worker.autoscaling.by=backlog,temporal.tls.enabled=true', 'KEDA supports TLS to Temporal only with'],
    ['worker.autoscaling.by=backlog,temporal.tls.caSecret=authority', 'KEDA uses temporal.tls.caSecret only with'],
    [
      'worker.autoscaling.by=backlog,temporal.tls.caSecret=authority,secrets.temporalApiKey.name=cloud',
      'not with an API key',
    ],
  ])('%s is refused', async (set, where) => {
    await expect(render('values-small.yaml', [set])).rejects.toThrow(where);
  });

  it('are refused if the release name would make the names of objects too long', async () => {
    const release = 'r'.repeat(41);
    await expect(render('values-small.yaml', [], { release })).rejects.toThrow('The release name is too long');
    expect(await render('values-small.yaml', [], { release: release.slice(1) })).not.toEqual([]);
  });

  it('can allow a sandbox gateway inside the cluster to the worker, and the gateway to call the api', async () => {
    const pods = { podSelector: { matchLabels: { app: 'gateway' } } };
    const manifests = await render('values-small.yaml', [
      'networkPolicy.gateway.ports[0]=3002,networkPolicy.gateway.to[0].podSelector.matchLabels.app=gateway',
      'networkPolicy.ingressController[0].podSelector.matchLabels.app=gateway',
    ]);
    const [worker, api] = ['worker', 'api'].map((component) =>
      kind<{ egress?: object[]; ingress?: object[] }>(manifests, 'NetworkPolicy').find(
        ({ metadata }) => metadata.name === `widget-store-${component}`,
      ),
    );
    expect(worker?.spec.egress).toEqual([{ ports: [{ port: 3002, protocol: 'TCP' }], to: [pods] }]);
    expect(api?.spec.ingress).toContainEqual({ from: [pods], ports: [{ port: 'http' }] });
  });

  it('can set the public address of the sandbox gateway', async () => {
    const manifests = await render('values-small.yaml', ['gateway.publicUrl=https://pay.example']);
    const [api] = kind<Workload>(manifests, 'Deployment');
    expect(api && onlyContainer(api.spec).env).toContainEqual({
      name: 'GATEWAY_PUBLIC_URL',
      value: 'https://pay.example',
    });
  });

  it('can add a variable from a Secret', async () => {
    const reference = 'worker.env[0].valueFrom.secretKeyRef';
    const manifests = await render('values-small.yaml', [
      `worker.env[0].name=EXAMPLE_KEY,${reference}.name=example,${reference}.key=key`,
    ]);
    const [, worker] = kind<Workload>(manifests, 'Deployment');
    expect(worker && onlyContainer(worker.spec).env).toContainEqual({
      name: 'EXAMPLE_KEY',
      valueFrom: { secretKeyRef: { name: 'example', key: 'key' } },
    });
  });

  it('give the tokens of further operators only to the api', async () => {
    const manifests = await render('values-small.yaml', ['secrets.adminTokens.name=operators']);
    const [api, worker] = kind<Workload>(manifests, 'Deployment').map(({ spec }) => onlyContainer(spec));
    if (api === undefined || worker === undefined) throw new Error('There are not exactly two Deployments.');
    expect(inEnvironment(environmentOf(api), programOf(api)[1])).toMatchObject({
      operators: [{ name: 'operator' }, { name: 'anna' }],
    });
    expect(worker.env.filter(({ name }) => name.startsWith('ADMIN_'))).toEqual([]);
  });

  it('can set the address and the token of your own front end', async () => {
    const set = ['store.storefrontUrl=https://shop.example', 'secrets.storefrontToken.name=front'];
    const manifests = await render('values-small.yaml', set);
    const [api, worker] = kind<Workload>(manifests, 'Deployment').map(({ spec }) => onlyContainer(spec));
    if (api === undefined || worker === undefined) throw new Error('There are not exactly two Deployments.');
    expect(inEnvironment(environmentOf(api), programOf(api)[1])).toMatchObject({
      storefrontUrl: 'https://shop.example',
      rateLimits: { storefrontToken: secrets['STOREFRONT_TOKEN'] },
    });
    const settings = worker.env.filter(({ name }) => name.startsWith('STOREFRONT_'));
    expect(settings).toEqual([{ name: 'STOREFRONT_URL', value: 'https://shop.example' }]);
  });

  it('let api and worker log in to Temporal Cloud with a namespace, an address and an API key', () => {
    for (const { spec } of kind<Workload>(cloud, 'Deployment')) {
      const container = onlyContainer(spec);
      const [, readEnv] = programOf(container);
      expect(inEnvironment(environmentOf(container), readEnv)).toMatchObject({
        temporal: {
          namespace: 'widget-store.a1b2c',
          connectionOptions: {
            address: 'eu-central-1.aws.api.temporal.io:7233',
            apiKey: secrets['TEMPORAL_API_KEY'],
            tls: expect.anything() as unknown,
          },
        },
      });
    }
  });

  it('encrypt payloads with keys that api and worker share, and do not encrypt without keys', async () => {
    const keysOf = (manifests: Manifest[]) =>
      kind<Workload>(manifests, 'Deployment').map(({ spec }) => {
        const container = onlyContainer(spec);
        const read = inEnvironment(environmentOf(container), programOf(container)[1]) as { temporal: TemporalTarget };
        return read.temporal.payloadKeys?.current?.id;
      });
    expect(keysOf(cloud)).toEqual(['2026-11', '2026-11']);
    expect(keysOf(await render('values-temporal-cloud.yaml', ['secrets.payloadEncryptionKeys.name=']))).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('give the address and the secret of the event receiver only to the worker', async () => {
    const events = 'events.url=https://mail.internal/events,events.privateHosts[0]=mail.internal';
    const manifests = await render('values-small.yaml', [events]);
    expect(manifests.flatMap(schemaCheck('1.37'))).toEqual([]);
    const [api, worker] = kind<Workload>(manifests, 'Deployment').map(({ spec }) => onlyContainer(spec));
    if (api === undefined || worker === undefined) throw new Error('There are not exactly two Deployments.');
    expect(inEnvironment(environmentOf(worker), programOf(worker)[1])).toHaveProperty('eventReceiver', {
      url: 'https://mail.internal/events',
      secret: secrets['EVENTS_WEBHOOK_SECRET'],
      allowLoopback: false,
      privateHosts: ['mail.internal'],
    });
    expect(api.env.filter(({ name }) => name.startsWith('EVENTS_'))).toEqual([]);
  });

  it('mount certificates at the paths that the variables name', async () => {
    const manifests = await render('values-temporal-cloud.yaml', [
      'secrets.temporalApiKey.name=',
      'temporal.tls.clientSecret=client,temporal.tls.caSecret=authority,postgres.caSecret=postgres',
    ]);
    expect(manifests.flatMap(schemaCheck('1.37'))).toEqual([]);
    const postgres = [['/etc/postgres/ca/ca.crt', 'postgres']];
    const temporal = [
      ['/etc/temporal/ca/ca.crt', 'authority'],
      ['/etc/temporal/client/tls.crt', 'client'],
      ['/etc/temporal/client/tls.key', 'client'],
    ];
    const files = workloads(manifests).map(({ spec }) => certificatesOf(spec));
    expect(files).toEqual([[...postgres, ...temporal], [...postgres, ...temporal], postgres]);
    const names = workloads(manifests).flatMap(({ spec }) => onlyContainer(spec).env.map(({ name }) => name));
    expect(names).not.toContain('TEMPORAL_API_KEY');
  });
});

describe('the migration', () => {
  it('runs before everything else, without the seed', async () => {
    const [job] = kind<Workload>(await render('values-ha.yaml'), 'Job');
    expect(job?.metadata.annotations?.['helm.sh/hook']).toBe('pre-install,pre-upgrade');
    expect(job && containersOf(job.spec.template).map(({ command }) => command.at(-1))).toEqual(['db/dist/migrate.js']);
    expect(job && onlyContainer(job.spec).env[0]?.valueFrom?.secretKeyRef.name).toBe('widget-store-migration');
  });

  it('runs the seed after the migration if the values request the seed', async () => {
    const [job] = kind<Workload>(await render('values-small.yaml', ['migration.seed=true']), 'Job');
    const { initContainers = [], containers = [] } = job?.spec.template.spec ?? {};
    const commands = [initContainers, containers].map((list) => list.map(({ command }) => command.join(' ')));
    expect(commands).toEqual([['node db/dist/migrate.js'], ['node db/dist/seed.js']]);
  });
});

/**
 * Returns the certificate files that environment variables name. Each file comes with the Secret that is mounted as the
 * file's folder.
 */
function certificatesOf(workload: Workload): (string | undefined)[][] {
  const { env, volumeMounts = [] } = onlyContainer(workload);
  const files = env.filter(({ value }) => value?.startsWith('/etc/')).map(({ value = '' }) => value);
  return files.map((file) => {
    const mount = volumeMounts.find(({ mountPath, readOnly }) => readOnly && dirname(file) === mountPath);
    const volume = workload.template.spec.volumes?.find(({ name }) => name === mount?.name);
    return [file, volume?.secret.secretName];
  });
}
