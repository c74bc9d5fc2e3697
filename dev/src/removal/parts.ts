import type { Part } from './removePart';

/** The benchmark, with the store on DBOS and the computation of capacity. */
const bench: Part = {
  paths: ['bench', 'docs/performance.md'],
  drops: {
    '.gitignore': ['bench/'],
    'CONTRIBUTING.md': ['- **Measurements**'],
    Dockerfile: ['COPY bench/'],
    Makefile: ['bench:', 'capacity:'],
    'README.md': ['| `bench/`', 'On two cores, shared with the load generator'],
    'docs/adapting.md': ['| `bench` |'],
    'docs/changing.md': ['5. `bench/peers/dbos/src/`', '5. `bench/peers/dbos/src/store.ts`'],
    'docs/production.md': ['- [Capacity]'],
  },
  replacements: {
    '.github/dependabot.yml': [
      [
        "    # The second directory is the benchmark's store on DBOS. That store has its own packages.\n    directories: ['/', '/bench/peers/dbos']",
        '    directory: /',
      ],
    ],
  },
};

/** The tests with faults under load, the overload test and the soak test. */
const chaos: Part = {
  paths: [
    'dev/src/toxiproxy.ts',
    'tests/programs/clockShim.js',
    'tests/programs/mutants.js',
    'tests/src/chaos',
    'tests/src/load',
  ],
  drops: {
    Makefile: ['chaos:', 'overload:', 'soak:'],
    'README.md': ['`make chaos` causes'],
    'dev/src/goPrograms.ts': ['/** A TCP proxy', 'toxiproxy: {'],
    'dev/src/index.ts': ['export { toxiproxyProcess }'],
    'docs/adapting.md': ['Add the activity to `tests/src/chaos/', '| `chaos` |'],
    'docs/changing.md': ['8. `tests/src/chaos/', '## A new invariant for chaos'],
    'docs/reliability.md': ['## Chaos', '## Overload', '## Soak'],
    'examples/fraud-check/fraud-check.patch': ['diff --git a/tests/src/chaos/'],
    'tests/longestFirst.js': ["'chaos/chaos'", "'chaos/mutants'"],
  },
};

/** The chart for Kubernetes. */
const helm: Part = {
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

/** Stripe as the payment gateway. The sandbox gateway remains. */
const stripe: Part = {
  paths: [
    'activities/src/stripe',
    'deploy/helm/templates/_stripe.tpl',
    'dev/src/stripeMock.ts',
    'docs/stripe.md',
    'services/api/src/stripe',
    'services/worker/src/stripe',
    'tests/programs/stripeCheck.js',
    'tests/src/payments/stripe',
    'tests/src/support/gateway/stripe',
  ],
  drops: {
    Makefile: ['stripe-check:'],
    'README.md': ['- [Stripe](docs/stripe.md)'],
    'activities/package.json': ['"./stripe": {', '"stripe":'],
    'deploy/helm/values.schema.json': [
      '"stripeGateway": {',
      '"stripe": {}',
      '"allOf": [{ "$ref": "#/$defs/stripeGateway"',
    ],
    'deploy/helm/values.yaml': ['# For the kind `stripe`', 'stripe:'],
    'dev/src/goPrograms.ts': ["/** Checks requests against Stripe's", "'stripe-mock': {"],
    'dev/src/index.ts': ['export { stripeMockProcess }'],
    'docker-compose.yml': ['STRIPE_MODE:', 'STRIPE_SECRET_KEY:', 'STRIPE_WEBHOOK_SECRET:'],
    'docs/adapting.md': ['Stripe shows what', '| `stripe` |'],
    'docs/configuration.md': ['## Stripe'],
    'services/api/package.json': ['"@widget-store/activities":', '"stripe":'],
    'services/api/src/env.ts': ['import { readStripeEnv }', 'stripe: readStripeEnv'],
    'services/worker/src/env.ts': ['import { readStripeEnv }', 'stripe: readStripeEnv'],
    'tests/package.json': ['"stripe":'],
    'tests/src/index.ts': ['export { recordDispute', 'export type { Charge }', 'export { type StripeUnderTest'],
  },
  replacements: {
    'contract/src/names.ts': [["['sandbox', 'stripe']", "['sandbox']"]],
    'deploy/helm/values.schema.json': [['["sandbox", "stripe"]', '["sandbox"]']],
  },
};

/** The parts that `make remove` can remove, in any order. `docs/adapting.md` describes them. */
export const removableParts = { bench, chaos, stripe, helm };
