import { eventually } from '../../support/eventually';
import type { ComposeProject } from './composeProject';

/** The parts of `docker inspect` that the check reads. */
export interface Container {
  Id: string;
  State: { Status: string; StartedAt: string; ExitCode: number; Health?: { Status: string } };
  Config: { Labels: Record<string, string> };
  HostConfig: object;
}

/** Containers that Docker restarts may wait for Postgres, which first recovers from its crash. */
const restartDeadlineMs = 240_000;

/** Returns the container of each service. The containers of completed jobs are included. */
export async function containersOf({ run }: ComposeProject): Promise<Map<string, Container>> {
  const listed = JSON.parse(await run('docker inspect $(docker compose ps --all --quiet)')) as Container[];
  return new Map(listed.map((container) => [container.Config.Labels['com.docker.compose.service'] ?? '', container]));
}

/**
 * Kills every process of a container, as if its program had crashed. Resolves when Docker has restarted the container
 * and the container is healthy. `docker kill` is unsuitable, because Docker does not restart what an operator kills.
 */
export async function crash(project: ComposeProject, service: string): Promise<void> {
  const container = async (): Promise<Container> => {
    const found = (await containersOf(project)).get(service);
    if (found === undefined) throw new Error(`there is no container of ${service}`);
    return found;
  };
  const { Id: id, State: before } = await container();
  // The shell dies with the container, so its exit status means nothing.
  await project.run(`docker exec ${id} sh -c 'kill -s KILL -- -1' || true`);
  await eventually(
    container,
    ({ State: now }) => now.StartedAt !== before.StartedAt && now.Health?.Status === 'healthy',
    { deadlineMs: restartDeadlineMs },
  );
}

/** Returns a line for each running container: its name, its memory and its limit. */
export function memoryOf({ run }: ComposeProject): Promise<string> {
  return run('docker stats --no-stream --format "{{.Name}} {{.MemUsage}}" $(docker compose ps --quiet)');
}
