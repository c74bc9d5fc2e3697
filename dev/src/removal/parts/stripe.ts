import type { Part } from '../removePart';

/** Stripe as the payment gateway. The sandbox gateway remains. */
export const stripe: Part = {
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
