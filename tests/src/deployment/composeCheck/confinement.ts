import type { ComposeProject } from './composeProject';
import { type Container, containersOf } from './containers';

/** The parts of a service in `docker compose config` that say how its container is confined. */
interface ConfiguredService {
  read_only?: boolean;
  cap_drop?: string[];
  security_opt?: string[];
  mem_limit?: string;
  pids_limit?: number;
  init?: boolean;
}

/** Expects that Docker confines each container as the compose file says, and that each job has succeeded. */
export async function expectConfined(project: ComposeProject): Promise<void> {
  const containers = await containersOf(project);
  const config = JSON.parse(await project.run('docker compose config --format json')) as {
    services: Record<string, ConfiguredService>;
  };
  expect([...containers.keys()].toSorted()).toEqual(Object.keys(config.services).toSorted());
  for (const [name, container] of containers) {
    const { read_only: readOnly = false, mem_limit: memory, ...service } = config.services[name] ?? {};
    const { HostConfig: host, State: state } = container;
    expect({ name, ...host }).toMatchObject({
      name,
      ReadonlyRootfs: readOnly,
      CapDrop: service.cap_drop,
      SecurityOpt: service.security_opt,
      Memory: Number(memory),
      PidsLimit: service.pids_limit ?? null,
      Init: service.init,
    });
    if (state.Status === 'exited') {
      expect({ name, exitCode: state.ExitCode }).toEqual({ name, exitCode: 0 });
      continue;
    }
    const { uid, ...kernel } = await readKernel(project, container);
    expect({ name, isRoot: uid === 0, ...kernel }).toEqual({
      name,
      isRoot: false,
      effectiveCapabilities: '0000000000000000',
      noNewPrivileges: true,
      rootIsReadOnly: readOnly,
      memoryLimitBytes: Number(memory),
    });
  }
}

/** Reads what the kernel reports about a container's first process, its root file system and its memory. */
async function readKernel({ run }: ComposeProject, { Id: id }: Container) {
  const cgroup = 'cat /sys/fs/cgroup/memory.max 2>/dev/null || cat /sys/fs/cgroup/memory/memory.limit_in_bytes';
  const text = await run(`docker exec ${id} sh -c 'cat /proc/1/status; grep " / " /proc/mounts; ${cgroup}'`);
  const status = (field: string): string => new RegExp(`^${field}:\\s+(\\S+)`, 'm').exec(text)?.[1] ?? '';
  return {
    uid: Number(status('Uid')),
    effectiveCapabilities: status('CapEff'),
    noNewPrivileges: status('NoNewPrivs') === '1',
    rootIsReadOnly: / \/ \S+ ro,/.test(text),
    memoryLimitBytes: Number(text.split('\n').at(-1)),
  };
}
