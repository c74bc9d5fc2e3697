import { openBalancedTill } from './balancedTill';
import { refundByHand } from '../../support/gateway/gateway';
import { type CheckedStore, checkedStore } from './checkedStore';
import { type ComposeProject, composeProject, newPassword } from './composeProject';
import { expectConfined } from './confinement';
import { crash, memoryOf } from './containers';
import { documentedCommands } from './documentedCommands';
import { buy, pay, type Purchase, sendShoppers, type Shoppers } from './shoppers';

const deadlineMs = 40 * 60_000;

/**
 * The test of `make compose-check`: a story in which each step needs the earlier steps. It is not part of `make test`,
 * because it needs Docker and takes minutes.
 */
describe('docker-compose.yml on a real Docker', () => {
  let project: ComposeProject;
  let store: CheckedStore;
  let shoppers: Shoppers;
  /** The orders that the store must have. */
  let bought: Purchase[] = [];
  let broken = false;

  /** A step of the story. A step after a failed step fails immediately. */
  function step(title: string, run: () => Promise<void>): void {
    const tried = async (): Promise<void> => {
      if (broken) throw new Error('not tried, because an earlier step failed');
      broken = true;
      await run();
      broken = false;
    };
    it(title, tried, deadlineMs);
  }

  async function openStore(): Promise<void> {
    await store?.close();
    store = await checkedStore(project);
  }

  async function stopShoppers(): Promise<void> {
    await shoppers.stop();
    bought.push(...shoppers.paid);
  }

  const commands = (heading: string): string[] => documentedCommands(project, heading);

  afterAll(async () => {
    await store?.close();
    if (!broken || project === undefined) return;
    say(
      await project.run('docker compose ps --all; docker compose logs --tail 40 postgres temporal gateway worker api'),
    );
    await project.remove();
  }, deadlineMs);

  step('finds Docker and Docker Compose', async () => {
    project = await composeProject();
    say(await project.run('docker version --format "Docker {{.Server.Version}}"; docker compose version'));
  });

  step('builds the images of this commit and of the commit before', async () => {
    say(await project.build());
  });

  step('starts the commit before in an empty project', async () => {
    await project.up();
    await openStore();
    say(await memoryOf(project));
  });

  step('sells, is paid and refunds', async () => {
    await store.receiveStock(100_000);
    const purchase = await buy(store);
    await pay(store, purchase);
    await store.refund(purchase);
    bought.push(purchase);
  });

  step('upgrades while shoppers buy, and refuses no connection', async () => {
    const [begin = '', replace = '', end = ''] = commands('Roll out a release on one machine');
    const open = await buy(store);
    const till = await openBalancedTill(project);
    shoppers = sendShoppers(till);
    await shoppers.untilServed();
    project.variables['CHECK_TAG'] = 'now';
    for (const part of [begin, replace, end]) {
      await project.run(part);
      await shoppers.untilServed();
    }
    await stopShoppers();
    await till.close();
    expect(till.failures).toEqual([]);
    await openStore();
    await pay(store, open);
    bought.push(open);
    say(`${shoppers.paid.length} orders were paid during the rollout`);
  });

  step('confines every container as the file says', () => expectConfined(project));

  step('runs the commands of an operator', async () => {
    const [functions = ''] = commands('Docker Compose');
    const output = await project.run(`${functions}
      t workflow count
      sql --command="select 'orders', count(*) from orders" --tuples-only
      curl --fail --silent $WORKER/metrics | grep widget_store_anomalies`);
    expect(output).toMatch(/^Total: [1-9]\d*\n *orders +\| +\d+\n[^]*widget_store_anomalies/);
  });

  step('serves shoppers', async () => {
    shoppers = sendShoppers(store);
    await shoppers.untilServed();
  });

  for (const service of ['postgres', 'temporal', 'temporal-ui', 'gateway', 'worker', 'api'])
    step(`serves shoppers after the container ${service} has died`, async () => {
      await crash(project, service);
      await shoppers.untilServed();
    });

  step('serves shoppers after all containers have stopped, and every password of Postgres has changed', async () => {
    await project.run('docker compose stop');
    for (const role of ['POSTGRES', 'STORE_DB', 'TEMPORAL_DB']) project.variables[`${role}_PASSWORD`] = newPassword();
    await project.up();
    await openStore();
    await shoppers.untilServed();
  });

  step('has lost no order, no unit and no money', async () => {
    say(await memoryOf(project));
    await stopShoppers();
    say(await store.expectNothingLost(bought));
  });

  step('backs up while shoppers buy, and restores what the backup contains', async () => {
    const [backUp = '', restore = '', start = ''] = commands('Back up and restore on one machine');
    const open = await buy(store);
    shoppers = sendShoppers(store);
    await shoppers.untilServed();
    const inBackup = [open, ...bought, ...shoppers.paid];
    await project.run(backUp);
    await shoppers.untilServed();
    await stopShoppers();
    await pay(store, open);
    bought.push(open);

    await project.run([...commands('Docker Compose'), restore].join('\n'));
    const lost = await store.missing(bought);
    expect(lost.length).toBeGreaterThan(0);
    expect(inBackup.filter(({ paymentId }) => lost.includes(paymentId))).toEqual([]);
    for (const paymentId of lost)
      await store.gateway.refund(refundByHand(paymentId, await store.gateway.keptMinor(paymentId)));
    await project.run(start);
    bought = bought.filter(({ paymentId }) => !lost.includes(paymentId));
    say(`${await store.expectNothingLost(bought, lost)}, ${lost.length} are lost and refunded`);
  });

  step('leaves nothing behind', async () => {
    expect(await project.remove()).toEqual([]);
  });
});

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
