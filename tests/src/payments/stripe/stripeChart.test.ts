import { environmentOf, inEnvironment, programOf } from '../../deployment/chartEnvironment';
import { compileDeadlineMs, kind, onlyContainer, render, type Workload } from '../../deployment/helmChart';
import { schemaCheck } from '../../deployment/kubernetesSchemas';

describe('the chart with Stripe', () => {
  it.each([
    ['gateway.kind=stripe,gateway.url=', '/gateway/stripe/mode'],
    ['gateway.kind=stripe,gateway.stripe.mode=test', '/gateway/url'],
    ['gateway.stripe.mode=live', '/gateway/stripe/mode'],
    ['gateway.stripe.secretKey.value=canary', '/gateway/stripe/secretKey'],
  ])(
    'refuses %s',
    async (set, where) => {
      await expect(render('values-small.yaml', [set])).rejects.toThrow(where);
    },
    compileDeadlineMs,
  );

  it('gives the secret key to the worker only, and the webhook secret to the api only', async () => {
    const manifests = await render('values-small.yaml', ['gateway.kind=stripe,gateway.url=,gateway.stripe.mode=test']);
    expect(manifests.flatMap(schemaCheck('1.37'))).toEqual([]);
    const [api, worker] = kind<Workload>(manifests, 'Deployment').map(({ spec }) => onlyContainer(spec));
    if (api === undefined || worker === undefined) throw new Error('There are not exactly two Deployments.');
    const webhookSecret = 'whsec_Jq7VxT2mLw9ZbR4cKd8NfY3gHs6PvE1a';
    const ofApi = { ...environmentOf(api), STRIPE_WEBHOOK_SECRET: webhookSecret };
    expect(inEnvironment(ofApi, programOf(api)[1])).toMatchObject({
      webhooks: { gateway: 'stripe', mode: 'test', webhookSecret },
    });
    const ofWorker = { ...environmentOf(worker), STRIPE_SECRET_KEY: 'rk_test_5f1c9a0e7b3d2468ace013579bdf2f4e' };
    expect(inEnvironment(ofWorker, programOf(worker)[1])).toMatchObject({ gateway: { name: 'stripe' } });
    const ofPayments = [api, worker].map(({ env }) =>
      env.map(({ name }) => name).filter((name) => /GATEWAY|STRIPE|WEBHOOK/.test(name)),
    );
    const both = ['PAYMENT_GATEWAY', 'STRIPE_MODE'];
    expect(ofPayments).toEqual([
      [...both, 'STRIPE_WEBHOOK_SECRET'],
      [...both, 'STRIPE_SECRET_KEY'],
    ]);
  });
});
