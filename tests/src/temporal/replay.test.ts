import { bundleWorkflows, everyBundle } from '@widget-store/worker';
import { recordsHistories } from '../support/env';
import { readHistories, writeHistories } from '../support/histories/histories';
import type { Histories } from '../support/histories/historyStage';
import { playHistories } from '../support/histories/playHistories';
import { namesOfBroken } from '../support/histories/replayHistories';

/**
 * A worker cannot continue a run whose history its code does not replay. So the current code replays the recorded histories in the
 * repository, and fresh ones of every path.
 */
describe('replay', () => {
  let played: Histories;

  beforeAll(async () => {
    played = await playHistories();
    if (recordsHistories()) await writeHistories(played);
  });

  async function recordedAndFresh(): Promise<Histories> {
    const fresh = Object.entries(played).map(([path, history]) => [`fresh ${path}`, history] as const);
    return { ...(await readHistories()), ...Object.fromEntries(fresh) };
  }

  it('has a recorded history of every path', async () => {
    expect(Object.keys(await readHistories())).toEqual(expect.arrayContaining(Object.keys(played)));
  });

  // The failure converter plays no part in a replay, so two of the encrypted bundles are enough.
  const kinds = everyBundle.filter(({ encrypted, traced, versioned }) => !encrypted || traced === versioned);

  it.each(kinds)(
    'follows every history, recorded and fresh: traced $traced, versioned $versioned, encrypted $encrypted',
    async (kind) => {
      expect(await namesOfBroken(await recordedAndFresh(), await bundleWorkflows(kind))).toEqual([]);
    },
  );

  it('names no path of the machine that recorded it', async () => {
    const absolute = /\((?:file:\/\/)?\/[^)]*node_modules/;
    const naming = Object.entries(await recordedAndFresh()).filter(([, history]) =>
      absolute.test(JSON.stringify(history)),
    );
    expect(naming.map(([name]) => name)).toEqual([]);
  });

  it('notices a history that the code did not make', async () => {
    const { paid, declined } = played as { paid: { events: object[] }; declined: { events: object[] } };
    const spliced = { events: [...declined.events.slice(0, 12), ...paid.events.slice(12)] };
    const bundle = await bundleWorkflows({ traced: false, versioned: false });
    expect(await namesOfBroken({ paid, spliced }, bundle)).toEqual(['spliced']);
  });
});
