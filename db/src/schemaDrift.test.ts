import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateDrizzleJson, generateMigration } from 'drizzle-kit/api';
import * as schema from './schema';

const meta = join(__dirname, '..', 'migrations', 'meta');

/** The schema for which the newest migration was generated. */
async function newestSnapshot(): Promise<ReturnType<typeof generateDrizzleJson>> {
  const name = (await readdir(meta))
    .filter((file) => file.endsWith('_snapshot.json'))
    .toSorted()
    .at(-1);
  return JSON.parse(await readFile(join(meta, String(name)), 'utf8')) as ReturnType<typeof generateDrizzleJson>;
}

/** The SQL that `npm run generate -w db` would write. */
const migrationFrom = async (changed: Record<string, unknown>) =>
  generateMigration(await newestSnapshot(), generateDrizzleJson(changed));

describe('the schema', () => {
  it('needs no further migration', async () => {
    expect(await migrationFrom({ ...schema })).toEqual([]);
  });

  it('would need a migration if a table were missing', async () => {
    const { comparisons: _missing, ...fewer } = schema;
    expect(await migrationFrom(fewer)).toEqual([expect.stringContaining('DROP TABLE "comparisons"')]);
  });
});
