import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkStoreEvents, storeEvents } from './storeEvents';

describe('the check of the events that the floor imitates', () => {
  let folder: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'store-events-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function record(name: string, types: string[]): Promise<void> {
    const events = types.map((type) => ({ eventType: `EVENT_TYPE_${type}` }));
    await writeFile(join(folder, `${name}.json`), JSON.stringify({ events }));
  }

  it('passes if the recorded histories have these events, and otherwise names a history with other events', async () => {
    for (const [name, types] of Object.entries(storeEvents)) await record(name, types);
    await checkStoreEvents(folder);
    await record('dispatch', [...storeEvents.dispatch, 'MARKER_RECORDED']);
    await expect(checkStoreEvents(folder)).rejects.toThrow("the store's run dispatch has other events than the floor");
  });
});
