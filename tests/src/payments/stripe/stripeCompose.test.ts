import { readComposeFile } from '../../deployment/composeFile';

test.each([
  ['api', ['STRIPE_MODE', 'STRIPE_WEBHOOK_SECRET']],
  ['worker', ['STRIPE_MODE', 'STRIPE_SECRET_KEY']],
])('in the compose file, the %s gets only the settings of Stripe that it needs', (program, names) => {
  const environment = Object.entries(readComposeFile().services[program]?.environment ?? {});
  const ofStripe = environment.filter(([name, value]) => `${name}${value}`.includes('STRIPE'));
  expect(ofStripe).toEqual(names.map((name) => [name, `\${${name}:-}`]));
});
