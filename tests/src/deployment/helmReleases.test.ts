import { lstatSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { repositoryRoot } from '@widget-store/dev';
import { readComposeFile } from './composeFile';
import { readRepositoryFile } from '../support/repositoryFile';
import {
  compileDeadlineMs,
  chartDirectory,
  kind,
  onlyContainer,
  type Manifest,
  render,
  type Selector,
  valueFiles,
  type Workload,
} from './helmChart';
import { schemaCheck } from './kubernetesSchemas';

const oneBuild = 'worker.builds[0].id=red,worker.builds[0].image.tag=1.0.0,worker.builds[0].replicas=2';
const twoBuilds = `${oneBuild},worker.builds[1].id=green,worker.builds[1].image.tag=1.1.0,worker.builds[1].replicas=2`;

let ha: Manifest[] = [];

beforeAll(async () => {
  ha = await render('values-ha.yaml');
}, compileDeadlineMs);

describe('builds of workers', () => {
  it('run side by side, each with its own image and id', async () => {
    const builds = workersOf(await render('values-small.yaml', [twoBuilds]));
    const told = builds.map(({ spec }) => {
      const { image, env } = onlyContainer(spec);
      const value = (name: string) => env.find((variable) => variable.name === name)?.value;
      return [image.split(':')[1], value('TEMPORAL_DEPLOYMENT_NAME'), value('TEMPORAL_WORKER_BUILD_ID')];
    });
    expect(told).toEqual([
      ['1.0.0', 'widget-store', 'red'],
      ['1.1.0', 'widget-store', 'green'],
    ]);
  });

  it('do not change when a build is added, or when the api or the default image changes', async () => {
    const alone = await render('values-small.yaml', [oneBuild]);
    const beside = await render('values-small.yaml', [twoBuilds, 'image.tag=1.1.0', 'api.replicas=3']);
    const [red] = workersOf(alone);
    expect(red).toBeDefined();
    expect(workersOf(beside)).toContainEqual(red);
  });

  it('are removed completely', async () => {
    const both = await render('values-small.yaml', [twoBuilds, 'worker.autoscaling.by=cpu']);
    const one = await render('values-small.yaml', [oneBuild, 'worker.autoscaling.by=cpu']);
    const names = (manifests: Manifest[]) => manifests.map(({ kind: is, metadata }) => `${is} ${metadata.name}`);
    expect(names(both).filter((name) => !names(one).includes(name))).toEqual([
      'PodDisruptionBudget widget-store-worker-green',
      'Deployment widget-store-worker-green',
      'HorizontalPodAutoscaler widget-store-worker-green',
    ]);
  });

  it.each([
    ['that occurs twice', twoBuilds.replace('green', 'red'), 'twice'],
    [
      'whose build has no image of its own',
      'worker.builds[0].id=red,worker.builds[0].replicas=1',
      'needs its own image',
    ],
    ['that is not a valid name', 'worker.builds[0].id=Red/1', '/worker/builds/0/id'],
  ])('are refused with an id %s', async (_what, set, words) => {
    await expect(render('values-small.yaml', [set])).rejects.toThrow(words);
  });

  it('can pin an image by its digest', async () => {
    const digest = `sha256:${'a'.repeat(64)}`;
    const [worker] = workersOf(
      await render('values-small.yaml', [oneBuild, `worker.builds[0].image.digest=${digest}`]),
    );
    expect(worker && onlyContainer(worker.spec).image).toBe(`registry.example.com/widget-store:1.0.0@${digest}`);
  });

  it('can run beside workers without an id', async () => {
    const both = `worker.builds[0].replicas=2,worker.builds[1].id=red,worker.builds[1].image.tag=1.0.0,worker.builds[1].replicas=1`;
    const manifests = await render('values-small.yaml', [both]);
    expect(workersOf(manifests).map(({ metadata }) => metadata.name)).toEqual([
      'widget-store-worker',
      'widget-store-worker-red',
    ]);
    expect(workersOf(manifests).map(({ spec }) => spec.selector.matchLabels?.['widget-store/build'])).toEqual([
      'unversioned',
      'red',
    ]);
  });
});

describe('docs/production.md', () => {
  const text = readRepositoryFile('docs/production.md');

  it('adds a build, and changes neither the other build nor the api', async () => {
    const steps = [...text.matchAll(/```yaml\n(?<values> *image:[^`]*)```/g)].map(
      ({ groups }) => groups?.['values'] ?? '',
    );
    expect(steps).toHaveLength(2);
    const [before = [], after = []] = await Promise.all(
      steps.map((values) => render('values-small.yaml', settings(parse(values)))),
    );
    const deployments = (manifests: Manifest[]) => kind<Workload>(manifests, 'Deployment');
    expect(deployments(before).map(({ metadata }) => metadata.name)).toEqual([
      'widget-store-api',
      'widget-store-worker-3d34c36',
    ]);
    expect(deployments(after)).toEqual(expect.arrayContaining(deployments(before)));
    expect(deployments(after).at(-1)?.metadata.name).toBe('widget-store-worker-45ffab5');
    const [migration] = kind<Workload>(after, 'Job');
    expect(migration && onlyContainer(migration.spec).image).toMatch(/:45ffab5$/);
  });

  it('names every value file', () => {
    expect(valueFiles.filter((name) => !text.includes(name))).toEqual([]);
  });
});

describe('scaling', () => {
  const scaled = kind<{
    scaleTargetRef: { name: string };
    minReplicaCount: number;
    triggers: { type: string; metadata: Record<string, string>; authenticationRef?: { name: string } }[];
  }>;

  it('scales each build by its own backlog', () => {
    const objects = scaled(ha, 'ScaledObject');
    expect(objects.map(({ spec }) => spec.scaleTargetRef.name)).toEqual(
      workersOf(ha).map(({ metadata }) => metadata.name),
    );
    for (const { spec } of objects) {
      const worker = workersOf(ha).find(({ metadata }) => metadata.name === spec.scaleTargetRef.name);
      const { env = [] } = worker ? onlyContainer(worker.spec) : {};
      const told = (name: string) => env.find((variable) => variable.name === name)?.value;
      expect(spec.minReplicaCount).toBeGreaterThan(0);
      expect(spec.triggers).toMatchObject([
        {
          type: 'temporal',
          metadata: {
            endpoint: told('TEMPORAL_ADDRESS'),
            namespace: told('TEMPORAL_NAMESPACE'),
            taskQueue: told('TEMPORAL_TASK_QUEUE'),
            workerDeploymentName: told('TEMPORAL_DEPLOYMENT_NAME'),
            workerDeploymentBuildId: told('TEMPORAL_WORKER_BUILD_ID'),
          },
        },
      ]);
    }
  });

  it('gives KEDA the API key of the worker', async () => {
    const manifests = await render('values-temporal-cloud.yaml');
    const [object] = scaled(manifests, 'ScaledObject');
    const [login] = kind<{ secretTargetRef: object[] }>(manifests, 'TriggerAuthentication');
    expect(object?.spec.triggers[0]?.authenticationRef?.name).toBe(login?.metadata.name);
    expect(login?.spec.secretTargetRef).toEqual([
      { parameter: 'apiKey', name: 'temporal-cloud', key: 'TEMPORAL_API_KEY' },
    ]);
  });

  it('can scale by CPU, without KEDA', async () => {
    const manifests = await render('values-ha.yaml', ['worker.autoscaling.by=cpu']);
    expect(manifests.flatMap(schemaCheck('1.37'))).toEqual([]);
    const scalers = kind<{ scaleTargetRef: { name: string } }>(manifests, 'HorizontalPodAutoscaler');
    expect(scalers.map(({ spec }) => spec.scaleTargetRef.name).toSorted()).toEqual(
      kind<Workload>(manifests, 'Deployment')
        .map(({ metadata }) => metadata.name)
        .toSorted(),
    );
  });

  it('does not set the number of pods if an autoscaler does', () => {
    const deployments = kind<Workload>(ha, 'Deployment');
    expect(deployments.map(({ spec }) => spec.replicas)).toEqual([undefined, undefined, undefined]);
    const targets = ha.flatMap(({ spec }) => (spec['scaleTargetRef'] as { name: string } | undefined)?.name ?? []);
    expect(targets.toSorted()).toEqual(deployments.map(({ metadata }) => metadata.name).toSorted());
  });
});

describe('monitoring', () => {
  const rules = 'observability/alerts.yml';

  it('uses the alert rules of the repository, not a copy', () => {
    expect(lstatSync(join(chartDirectory, rules)).isSymbolicLink()).toBe(true);
    expect(realpathSync(join(chartDirectory, rules))).toBe(realpathSync(join(repositoryRoot, rules)));
    const [rendered] = kind(ha, 'PrometheusRule');
    const text = readRepositoryFile(rules);
    // In the Prometheus of a cluster, the metric `up` also has series of other programs, so the chart restricts it to
    // the store's namespace.
    expect(new Set(text.match(/\bup\b[^{\s]*\{/g))).toEqual(new Set(['up{']));
    expect(rendered?.spec).toEqual(parse(text.replaceAll('up{', 'up{namespace="shop",')));
  });

  it('scrapes the same ports with the same job names as the Prometheus of docker compose', () => {
    const { scrape_configs: compose } = parse(readRepositoryFile('observability/prometheus.yml')) as {
      scrape_configs: { job_name: string; static_configs: { targets: string[] }[] }[];
    };
    const monitors = kind<{
      jobLabel: string;
      selector: Selector;
      podMetricsEndpoints: { port: string; relabelings?: { targetLabel: string; replacement: string }[] }[];
    }>(ha, 'PodMonitor');
    const scraped = monitors.flatMap(({ spec }) =>
      spec.podMetricsEndpoints.map(({ port, relabelings = [] }) => {
        const component = spec.selector.matchLabels?.[spec.jobLabel] ?? '';
        const deployment = kind<Workload>(ha, 'Deployment').find(
          ({ metadata }) => metadata.labels[spec.jobLabel] === component,
        );
        const ports = deployment ? (onlyContainer(deployment.spec).ports ?? []) : [];
        const job = relabelings.find(({ targetLabel }) => targetLabel === 'job')?.replacement ?? component;
        return [job, `${component}:${ports.find(({ name }) => name === port)?.containerPort}`];
      }),
    );
    expect(scraped).toEqual(
      compose.map((job) => [job.job_name, ...job.static_configs.flatMap(({ targets }) => targets)]),
    );
  });
});

describe('the chart', () => {
  it('has the version of the store', () => {
    const chart = parse(readRepositoryFile('deploy/helm/Chart.yaml')) as { appVersion: string };
    const { version } = JSON.parse(readRepositoryFile('package.json')) as { version: string };
    expect(chart.appVersion).toBe(version);
  });

  it('starts programs with the commands and ports of docker compose', () => {
    const { services } = readComposeFile();
    for (const { spec } of kind<Workload>(ha, 'Deployment')) {
      const { name, command, env } = onlyContainer(spec);
      const service = services[name];
      expect(service?.command).toEqual(command);
      const ports = new Set(['PORT', 'METRICS_PORT', 'WORKER_PORT', 'TEMPORAL_METRICS_PORT']);
      for (const { name: variable, value } of env.filter((entry) => ports.has(entry.name)))
        expect(String(service?.environment?.[variable])).toBe(value);
    }
  });

  it('is checked by schemas that find unknown, missing and wrong fields', () => {
    const check = schemaCheck('1.37');
    const [deployment] = kind<Workload>(ha, 'Deployment');
    const broken = (change: object) => check({ ...deployment, spec: { ...deployment?.spec, ...change } } as Manifest);
    expect(broken({})).toEqual([]);
    expect(broken({ replica: 3 })).toEqual([expect.stringContaining('"additionalProperty":"replica"')]);
    expect(broken({ selector: undefined })).toEqual([expect.stringContaining('"missingProperty":"selector"')]);
    expect(broken({ replicas: 'three' })).toEqual([expect.stringContaining('/spec/replicas')]);
  });
});

function workersOf(manifests: Manifest[]): Manifest<Workload>[] {
  return kind<Workload>(manifests, 'Deployment').filter(
    ({ metadata }) => metadata.labels['app.kubernetes.io/component'] === 'worker',
  );
}

/** Returns values in the form of `--set`. */
function settings(values: unknown, path = ''): string[] {
  if (Array.isArray(values)) return values.flatMap((value, index) => settings(value, `${path}[${index}]`));
  if (typeof values !== 'object' || values === null) return [`${path}=${String(values)}`];
  return Object.entries(values).flatMap(([key, value]) => settings(value, path === '' ? key : `${path}.${key}`));
}
