import { takeKept } from './keptServers';

export default async function globalTeardown(): Promise<void> {
  await takeKept()?.stop();
}
