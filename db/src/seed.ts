import { runProgram } from '@widget-store/runtime';
import { catalogue } from './catalogue';
import { readEnv } from './env';
import { seedCatalogue } from './seedCatalogue';

void runProgram('seed', async (log) => {
  await seedCatalogue(readEnv().databaseUrl, catalogue);
  log.info('the catalogue is seeded');
});
