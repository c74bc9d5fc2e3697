import { runProgram } from '@widget-store/runtime';
import { readEnv } from './env';
import { migrateDatabase } from './migrations';

void runProgram('migrate', async (log) => {
  await migrateDatabase(readEnv().databaseUrl);
  log.info('all migrations are applied');
});
