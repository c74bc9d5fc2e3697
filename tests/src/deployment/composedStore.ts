import { randomBytes } from 'node:crypto';
import { dirname } from 'node:path';
import {
  freePorts,
  repositoryRoot,
  runToEnd,
  supervise,
  type SupervisedProcess,
  temporaryDirectory,
} from '@widget-store/dev';
import { sharedServers } from '../support/env';
import { createTestDatabase } from '../support/store/database';
import { type ComposeService, containerEnvironment, readComposeFile } from './composeFile';

/** The programs of the compose file, started as processes on this machine, without containers. */
export interface ComposedStore {
  apiUrl: string;
  gatewayUrl: string;
  close(): Promise<void>;
}

const jobs = ['migrate', 'temporal-namespace'];
const services = { gateway: 'GATEWAY_PORT', worker: 'WORKER_PORT', api: 'PORT' };
const deadlineMs = 60_000;

/**
 * Runs the commands of the compose file with the environment that the file gives them. Replaces addresses,
 * ports and the gateway's folder with those of this machine.
 *
 * @param operator the variables that an operator sets before `docker compose up`
 */
export async function startComposedStore(operator: Record<string, string>): Promise<ComposedStore> {
  const compose = readComposeFile();
  const directory = await temporaryDirectory();
  const database = await createTestDatabase();
  const ports = await freePorts('api', 'worker', 'gateway', 'metrics', 'sdkMetrics');
  const url = (port: number): string => `http://127.0.0.1:${port}`;
  const here: Record<string, string> = {
    [`postgres://store:${operator['STORE_DB_PASSWORD']}@postgres:5432/store`]: database.url,
    'temporal:7233': sharedServers().temporalAddress,
    'http://api:3000': url(ports.api),
    'http://worker:3001': url(ports.worker),
    'http://gateway:3002': url(ports.gateway),
    '/data': directory.path,
    '3000': String(ports.api),
    '3001': String(ports.worker),
    '3002': String(ports.gateway),
    '9464': String(ports.metrics),
    '9465': String(ports.sdkMetrics),
  };
  const taskQueue = `test-${randomBytes(6).toString('hex')}`;
  const running: SupervisedProcess[] = [];

  function commandOf(service: ComposeService) {
    const [command = '', ...args] = (service.command ?? []).map((part) => part.replaceAll('$$', '$'));
    const given = Object.entries(containerEnvironment(service, operator));
    const env: Record<string, string> = {
      ...Object.fromEntries(given.map(([name, value]) => [name, here[value] ?? value])),
      PATH: `${dirname(process.execPath)}:/usr/bin:/bin`,
      TEMPORAL_TASK_QUEUE: taskQueue,
    };
    return { command, args, env, cwd: repositoryRoot };
  }

  const close = async (): Promise<void> => {
    for (const service of running.toReversed()) await service.stop();
    await database.drop();
    await directory.remove();
  };
  try {
    for (const name of jobs) await runToEnd({ name, deadlineMs, ...commandOf(compose.services[name] ?? {}) });
    for (const [name, portVariable] of Object.entries(services)) {
      const command = commandOf(compose.services[name] ?? {});
      const isReady = async () => (await fetch(`${url(Number(command.env[portVariable]))}/readyz`)).ok;
      const service = supervise({ name, ...command, isReady });
      running.push(service);
      await service.whenReady({ deadlineMs });
    }
  } catch (error) {
    await close();
    throw error;
  }
  return { apiUrl: url(ports.api), gatewayUrl: url(ports.gateway), close };
}
