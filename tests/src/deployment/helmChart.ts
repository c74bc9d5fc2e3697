import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { goProgram, inheritedEnvironment, repositoryRoot } from '@widget-store/dev';
import { parseAllDocuments } from 'yaml';

/** The parts of a container that the tests read. The schemas of Kubernetes check their types. */
export interface Container {
  name: string;
  image: string;
  command: string[];
  env: { name: string; value?: string; valueFrom?: { secretKeyRef: { name: string; key: string } } }[];
  ports?: { name: string; containerPort: number }[];
  securityContext: object;
  terminationMessagePolicy: string;
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  volumeMounts?: { name: string; mountPath: string; readOnly?: boolean }[];
  startupProbe?: Probe;
  readinessProbe?: Probe;
  livenessProbe?: Probe;
}

interface Probe {
  httpGet: { path: string; port: string };
  periodSeconds: number;
  timeoutSeconds: number;
}

export interface Selector {
  matchLabels?: Record<string, string>;
  matchExpressions?: { key: string; operator: string; values: string[] }[];
}

export interface PodTemplate {
  metadata: { labels: Record<string, string> };
  spec: {
    containers: Container[];
    initContainers?: Container[];
    securityContext: object;
    automountServiceAccountToken: boolean;
    terminationGracePeriodSeconds: number;
    volumes?: { name: string; secret: { secretName: string } }[];
  };
}

/** A rendered document. The type of its `spec` depends on its kind. */
export interface Manifest<Spec = Record<string, unknown>> {
  apiVersion: string;
  kind: string;
  metadata: { name: string; labels: Record<string, string>; annotations?: Record<string, string> };
  spec: Spec;
}

export interface Workload {
  replicas?: number;
  selector: Selector;
  template: PodTemplate;
}

export const chartDirectory = join(repositoryRoot, 'deploy', 'helm');
export const valueFiles = ['values-small.yaml', 'values-ha.yaml', 'values-temporal-cloud.yaml'];

/** Long enough to compile Helm, which happens at the first run on a machine. */
export const compileDeadlineMs = 10 * 60_000;

const run = promisify(execFile);
let binary: Promise<string> | undefined;

/** Runs Helm, which is compiled at the first run. Rejects with Helm's output if Helm fails. */
async function helm(args: string[]): Promise<string> {
  binary ??= goProgram('helm', { environment: inheritedEnvironment() });
  const { stdout } = await run(await binary, args, { timeout: 30_000, maxBuffer: 10_000_000 });
  return stdout;
}

export function lint(values: string): Promise<string> {
  return helm(['lint', '--strict', '--values', join(chartDirectory, values), chartDirectory]);
}

/**
 * Returns the manifests that `helm install` would send to a cluster, for the namespace `shop`.
 *
 * @param values one of the value files
 * @param sets values that override those of the file, in the form of `--set`
 */
export async function render(
  values: string,
  sets: string[] = [],
  { kubernetes = '1.37.0', release = 'widget-store' } = {},
): Promise<Manifest[]> {
  const text = await helm([
    'template',
    release,
    chartDirectory,
    '--namespace=shop',
    `--kube-version=${kubernetes}`,
    `--values=${join(chartDirectory, values)}`,
    ...sets.map((set) => `--set=${set}`),
  ]);
  return parseAllDocuments(text).map((document) => document.toJS() as Manifest);
}

export function kind<Spec>(manifests: Manifest[], name: string): Manifest<Spec>[] {
  return manifests.filter((manifest) => manifest.kind === name) as Manifest<Spec>[];
}

export function workloads(manifests: Manifest[]): Manifest<Workload>[] {
  return [...kind<Workload>(manifests, 'Deployment'), ...kind<Workload>(manifests, 'Job')];
}

export function containersOf({ spec }: PodTemplate): Container[] {
  return [...(spec.initContainers ?? []), ...spec.containers];
}

export function onlyContainer({ template }: Workload): Container {
  const [container, ...others] = template.spec.containers;
  if (container === undefined || others.length > 0) throw new Error('There is not exactly one container.');
  return container;
}

export function selects(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: Record<string, string>,
): boolean {
  const unknown = matchExpressions.find(({ operator }) => operator !== 'In');
  if (unknown !== undefined) throw new Error(`unsupported operator: ${unknown.operator}`);
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, values }) => values.includes(labels[key] ?? ''))
  );
}
