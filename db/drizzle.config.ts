import { defineConfig } from 'drizzle-kit';

/** `npm run generate -w db -- --name what_changes` writes the next migration from the schema. */
export default defineConfig({
  dialect: 'postgresql',
  schema: './src/schema/index.ts',
  out: './migrations',
});
