import { takeKept } from './keptServers';

export default async function globalTeardown(): Promise<void> {
  const running = takeKept();
  for (const problem of (await running?.problems()) ?? []) console.error(problem);
  await running?.stop();
}
