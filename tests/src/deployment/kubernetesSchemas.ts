import { ScaledObject, TriggerAuthentication } from '@kubernetes-models/keda/keda.sh/v1alpha1';
import { PodMonitor, PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1';
import { Ajv2020 } from 'ajv/dist/2020';
import { readRepositoryFile } from '../support/repositoryFile';
import type { Manifest } from './helmChart';

/**
 * The validators for the custom resources of KEDA and of the Prometheus Operator. Unlike the schemas of Kubernetes,
 * they accept unknown fields.
 */
const operatorKinds: Record<string, new (manifest: never) => { validate(): void }> = {
  ScaledObject,
  TriggerAuthentication,
  PodMonitor,
  PrometheusRule,
};

/**
 * Returns a function that validates manifests against the schemas of a version of Kubernetes. The schemas do not allow
 * unknown fields.
 *
 * @param version a version in tests/schemas/kubernetes
 */
export function schemaCheck(version: '1.29' | '1.37'): (manifest: Manifest) => string[] {
  const schemas = JSON.parse(readRepositoryFile(`tests/schemas/kubernetes/v${version}.json`)) as { $defs: object };
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: 'kubernetes', ...schemas });
  return (manifest) => {
    const { apiVersion, kind, metadata } = manifest;
    const named = (complaint: string) => `${kind} ${metadata.name}: ${complaint}`;
    const operatorKind = operatorKinds[kind];
    if (operatorKind !== undefined)
      return complaintsOf(() => new operatorKind(manifest as never).validate()).map(named);
    const definition = Object.keys(schemas.$defs).find((name) => name.endsWith(`.${definitionOf(apiVersion)}.${kind}`));
    const validate = definition && ajv.getSchema(`kubernetes#/$defs/${definition}`);
    if (!validate) return [named(`there is no schema of ${apiVersion}`)];
    return validate(manifest)
      ? []
      : (validate.errors ?? []).map((e) => named(`${e.instancePath} ${e.message} ${JSON.stringify(e.params)}`));
  };
}

/**
 * Returns the part of a definition's name that stands for an API version: `networking.v1` for `networking.k8s.io/v1`,
 * and `core.v1` for `v1`.
 */
function definitionOf(apiVersion: string): string {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['core', apiVersion];
  return `${group?.split('.')[0]}.${version}`;
}

function complaintsOf(check: () => void): string[] {
  try {
    check();
    return [];
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
}
