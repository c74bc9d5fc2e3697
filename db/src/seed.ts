import { runProgram } from '@widget-store/runtime';
import { seedCatalogue } from './catalogue';
import { readEnv } from './env';

void runProgram('seed', async (log) => {
  await seedCatalogue(readEnv().databaseUrl);
  log.info('the catalogue is seeded');
});
