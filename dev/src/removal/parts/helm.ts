import type { Part } from '../removePart';

/** The chart for Kubernetes. */
export const helm: Part = {
  paths: [
    'deploy/helm',
    'tests/schemas/kubernetes',
    'tests/src/deployment/chartEnvironment.ts',
    'tests/src/deployment/helmChart.test.ts',
    'tests/src/deployment/helmChart.ts',
    'tests/src/deployment/helmReleases.test.ts',
    'tests/src/deployment/helmValues.test.ts',
    'tests/src/deployment/kubernetesSchemas.ts',
    'tests/src/payments/stripe/stripeChart.test.ts',
  ],
  drops: {
    'dev/src/goPrograms.ts': ['/** Renders and checks the chart', 'helm: {'],
    'docs/adapting.md': ['5. `deploy/helm/`', '6. `deploy/helm/', '| `helm` |'],
    'docs/changing.md': ['4. `deploy/helm/'],
    'docs/production.md': ['Copy `values-small.yaml`', '- **Network and secrets:**', 'Tests check the chart'],
    'tests/package.json': ['"@kubernetes-models/keda"', '"@kubernetes-models/prometheus-operator"'],
  },
  replacements: {
    'CONTRIBUTING.md': [[' `@kubernetes-models` is not updated, because its newer versions are ESM only.', '']],
    'README.md': [["the Helm chart, and values for Temporal's chart", "values for Temporal's chart"]],
    'docs/production.md': [
      [
        'The other chapters are for Kubernetes.',
        'The other chapters are for Kubernetes. Their values and `helm` commands, and those in the runbook, are for a chart that this repository does not contain.',
      ],
    ],
  },
};
