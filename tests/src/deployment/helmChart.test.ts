import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { environmentOf, inEnvironment, programOf, secrets } from './chartEnvironment';
import { repositoryRoot } from '@widget-store/dev';
import { readRepositoryFile } from '../support/repositoryFile';
import { stageOf } from './dockerfile';
import { drainMs } from './drain';
import {
  compileDeadlineMs,
  type Container,
  containersOf,
  kind,
  onlyContainer,
  lint,
  type Manifest,
  render,
  selects,
  type Selector,
  valueFiles,
  type Workload,
  workloads,
} from './helmChart';
import { schemaCheck } from './kubernetesSchemas';

const rendered = new Map<string, Manifest[]>();
const manifestsOf = (values: string): Manifest[] => rendered.get(values) ?? [];

beforeAll(async () => {
  for (const values of valueFiles) rendered.set(values, await render(values));
}, compileDeadlineMs);

describe.each(valueFiles)('the chart with %s', (values) => {
  const pods = () => workloads(manifestsOf(values)).map(({ spec }) => spec.template);
  const containers = () => pods().flatMap(containersOf);

  it('passes `helm lint --strict`', async () => {
    expect(await lint(values)).toContain('1 chart(s) linted, 0 chart(s) failed');
  });

  it.each(['1.29', '1.37'] as const)('is valid against the schemas of Kubernetes %s', async (version) => {
    const check = schemaCheck(version);
    const manifests = await render(values, [], { kubernetes: `${version}.0` });
    expect(manifests.length).toBeGreaterThan(8);
    expect(manifests.flatMap(check)).toEqual([]);
  });

  it('runs pods without root, without a writable file system and without a token for the cluster', () => {
    expect(pods().length).toBeGreaterThan(2);
    for (const { spec } of pods()) {
      expect(spec.automountServiceAccountToken).toBe(false);
      expect(spec.securityContext).toMatchObject({
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      });
    }
    for (const { securityContext, terminationMessagePolicy } of containers()) {
      expect(terminationMessagePolicy).toBe('FallbackToLogsOnError');
      expect(securityContext).toEqual({
        allowPrivilegeEscalation: false,
        readOnlyRootFilesystem: true,
        capabilities: { drop: ['ALL'] },
      });
    }
  });

  it('limits the memory of every container, and requests more memory than was measured', () => {
    const measuredMb: Record<string, number> = { api: 179, worker: 420, migrate: 0 };
    for (const { name, resources } of containers()) {
      expect(megabytes(resources.limits['memory'])).toBeGreaterThanOrEqual(megabytes(resources.requests['memory']));
      expect(megabytes(resources.requests['memory'])).toBeGreaterThan(measuredMb[name] ?? Infinity);
      expect(resources.limits['cpu']).toBeUndefined();
    }
  });

  it('runs programs that the image contains, and pins each image to one exact version', () => {
    for (const { command, image } of containers()) {
      const [node, program = ''] = command;
      expect(node).toBe('node');
      expect(existsSync(join(repositoryRoot, program.replace('/dist/', '/src/').replace(/\.js$/, '.ts')))).toBe(true);
      expect(stageOf('runtime')).toContain(`COPY --from=build /app/${program.split('/dist/')[0]}/dist `);
      expect(image).toMatch(/^registry\.example\.com\/widget-store:\d+\.\d+\.\d+$/);
    }
  });

  it('probes each program on the port that it listens on, at a route that it serves', () => {
    const asked = containers().filter(({ name }) => name !== 'migrate');
    for (const container of asked) {
      for (const probe of [container.startupProbe, container.readinessProbe, container.livenessProbe]) {
        expect(probe?.httpGet.path).toMatch(/^\/(healthz|readyz|startupz)$/);
        expect(portOf(container, probe?.httpGet.port)).toBe(listensOn(container));
        // The probe must wait longer than the readiness check, which waits up to two seconds for its dependencies.
        expect(probe?.timeoutSeconds).toBeGreaterThan(2);
      }
      // An outage of Postgres or Temporal must not restart the program, so these two probes must not check Postgres or
      // Temporal. This includes the startup probe: after a restart, a kubelet runs the startup probe again, even if the
      // program has long been running.
      for (const probe of [container.startupProbe, container.livenessProbe]) {
        expect(probe?.httpGet.path).toBe('/healthz');
      }
    }
    expect(readRepositoryFile('runtime/src/health.ts')).toMatch(/'\/healthz'[^]*'\/readyz'[^]*'\/startupz'/);
  });

  it('brings an api back into the load balancer within two seconds after its kubelet was restarted', () => {
    const api = containers().find(({ name }) => name === 'api');
    expect(api?.startupProbe?.periodSeconds).toBeLessThanOrEqual(2);
    expect(api?.readinessProbe?.periodSeconds).toBeLessThanOrEqual(2);
  });

  it('gives every pod more time to stop than its program takes to drain', () => {
    for (const { spec } of kind<Workload>(manifestsOf(values), 'Deployment')) {
      const container = onlyContainer(spec);
      const notice = container.name === 'api' ? Number(valueOf(container, 'SHUTDOWN_NOTICE_MS')) : 0;
      const neededMs = notice + drainMs(container.name === 'api' ? 'api' : 'worker') + 5000;
      expect(spec.template.spec.terminationGracePeriodSeconds * 1000).toBeGreaterThanOrEqual(neededMs);
    }
  });

  it('sets every variable that a program requires, and only variables that it reads', () => {
    for (const container of containers()) {
      const [files, readEnv] = programOf(container);
      const known = new Set(
        files
          .map(readRepositoryFile)
          .join()
          .match(/\b[A-Z][A-Z0-9_]+(?=:)/g),
      );
      const standard = /^(TEMPORAL_(ADDRESS|NAMESPACE|API_KEY|TLS|TLS_SERVER_NAME|TLS_\w+_PATH)|NODE_EXTRA_CA_CERTS)$/;
      const names = container.env.map(({ name }) => name);
      expect(names.filter((name) => !known.has(name) && !standard.test(name))).toEqual([]);
      expect(new Set(names).size).toBe(names.length);
      expect(inEnvironment(environmentOf(container), readEnv)).toMatchObject({ databaseUrl: secrets['DATABASE_URL'] });
    }
  });

  it('refers to Secrets and does not contain any', () => {
    expect(kind(manifestsOf(values), 'Secret')).toEqual([]);
    const variables = containers().flatMap(({ env }) => env);
    const referred = variables.filter(({ valueFrom }) => valueFrom !== undefined).map(({ name }) => name);
    const written = variables.filter(({ value }) => value !== undefined);
    expect(new Set(referred)).toEqual(new Set(variables.map(({ name }) => name).filter((name) => name in secrets)));
    expect(written.filter(({ name }) => /SECRET|TOKEN|PASSWORD|API_KEY|DATABASE_URL/.test(name))).toEqual([]);
    expect(written.filter(({ value = '' }) => /\/\/[^/]*@/.test(value))).toEqual([]);
  });

  it('does not expose the port of the metrics in the Service', () => {
    const [service] = kind<{ selector: Record<string, string>; ports: { targetPort: string }[] }>(
      manifestsOf(values),
      'Service',
    );
    expect(service?.spec.ports.map(({ targetPort }) => targetPort)).toEqual(['http']);
    const served = pods().filter(({ metadata }) =>
      selects({ matchLabels: service?.spec.selector ?? {} }, metadata.labels),
    );
    expect(served.flatMap(containersOf).map(({ name }) => name)).toEqual(['api']);
  });

  it('allows each pod the connections that it needs, and no others', () => {
    const api = reach(values, 'api');
    const worker = reach(values, 'worker');
    const traced = values === 'values-ha.yaml' ? [4318] : [];
    expect(api.from).toEqual(['http', 'metrics']);
    expect(worker.from).toEqual(['control', 'sdk-metrics']);
    expect(api.to).toEqual(new Set([53, 5432, 7233, ...traced]));
    expect(worker.to).toEqual(new Set([53, 443, 5432, 7233, ...traced]));
    expect(reach(values, 'migration')).toEqual({ denied: true, from: [], to: new Set([53, 5432]) });
    expect([api.denied, worker.denied]).toEqual([true, true]);
  });

  it('blocks the metadata service of the cloud', () => {
    const peers = kind<NetworkPolicy>(manifestsOf(values), 'NetworkPolicy')
      .flatMap(({ spec }) => spec.egress ?? [])
      .flatMap(({ to = [] }) => to);
    const internet = peers.filter(({ ipBlock }) => ipBlock?.cidr === '0.0.0.0/0');
    expect(internet).not.toEqual([]);
    for (const { ipBlock } of internet) expect(ipBlock?.except).toContain('169.254.0.0/16');
  });

  it('keeps at least one pod of every replicated Deployment during disruptions', () => {
    const budgets = kind<{ selector: Selector; maxUnavailable: number }>(manifestsOf(values), 'PodDisruptionBudget');
    for (const { spec } of kind<Workload>(manifestsOf(values), 'Deployment')) {
      const replicas = leastReplicas(values, spec);
      const own = budgets.filter((budget) => selects(budget.spec.selector, spec.template.metadata.labels));
      expect(own).toHaveLength(replicas > 1 ? 1 : 0);
      for (const budget of own) expect(budget.spec.maxUnavailable).toBeLessThan(replicas);
    }
  });

  it('has Deployments with disjoint selectors', () => {
    for (const { spec } of kind<Workload>(manifestsOf(values), 'Deployment')) {
      const own = pods().filter(({ metadata }) => selects(spec.selector, metadata.labels));
      expect(own).toEqual([spec.template]);
    }
  });
});

function valueOf({ env }: Container, name: string): string | undefined {
  return env.find((variable) => variable.name === name)?.value;
}

function portOf({ ports = [] }: Container, name: string | undefined): number | undefined {
  return ports.find((port) => port.name === name)?.containerPort;
}

function listensOn(container: Container): number {
  return Number(valueOf(container, container.name === 'api' ? 'PORT' : 'WORKER_PORT'));
}

function megabytes(quantity: string | undefined): number {
  const [, number, unit] = /^(\d+)(Mi|Gi)$/.exec(quantity ?? '') ?? [];
  return Number(number) * (unit === 'Gi' ? 1024 : 1);
}

interface NetworkPolicy {
  podSelector: Selector;
  policyTypes: string[];
  ingress?: { from: object[]; ports: { port: string }[] }[];
  egress?: { ports: { port: number }[]; to?: { ipBlock?: { cidr: string; except: string[] } }[] }[];
}

/** Returns the ports of a component that others may connect to, and the ports that the component may connect to. */
function reach(values: string, component: string): { denied: boolean; from: string[]; to: Set<number> } {
  const manifests = manifestsOf(values);
  const pod = workloads(manifests).find(
    ({ spec }) => spec.template.metadata.labels['app.kubernetes.io/component'] === component,
  );
  const policies = kind<NetworkPolicy>(manifests, 'NetworkPolicy')
    .map(({ spec }) => spec)
    .filter(({ podSelector }) => selects(podSelector, pod?.spec.template.metadata.labels ?? {}));
  const closed = ({ policyTypes, ingress, egress }: NetworkPolicy): boolean =>
    policyTypes.length === 2 && ingress === undefined && egress === undefined;
  const incoming = policies.flatMap(({ ingress = [] }) => ingress);
  expect(incoming.filter(({ from }) => from.length === 0)).toEqual([]);
  const to = policies.flatMap(({ egress = [] }) => egress.flatMap(({ ports }) => ports.map(({ port }) => port)));
  return {
    denied: policies.some(closed),
    from: incoming.flatMap(({ ports }) => ports.map(({ port }) => port)),
    to: new Set(to),
  };
}

function leastReplicas(values: string, { replicas, template }: Workload): number {
  if (replicas !== undefined) return replicas;
  const component = template.metadata.labels['app.kubernetes.io/component'];
  const build = template.metadata.labels['widget-store/build'];
  const name = ['widget-store', component, ...(build === undefined ? [] : [build])].join('-');
  const scaled = manifestsOf(values).find(
    ({ kind: is, metadata }) => /Autoscaler$|^ScaledObject$/.test(is) && metadata.name === name,
  );
  return Number(scaled?.spec['minReplicas'] ?? scaled?.spec['minReplicaCount']);
}
