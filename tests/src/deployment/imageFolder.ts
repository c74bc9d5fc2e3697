import { execFile } from 'node:child_process';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@widget-store/dev';
import { stageOf } from './dockerfile';

const run = promisify(execFile);
const runDeadlineMs = 5 * 60_000;

interface Instruction {
  keyword: string;
  text: string;
}

/** Returns the instructions of a stage, starting with FROM. Continued lines are joined. */
export function instructionsOf(stage: string): Instruction[] {
  const lines = stageOf(stage)
    .replaceAll(/^#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => ({ keyword: line.split(' ', 1)[0] ?? '', text: line.slice(line.indexOf(' ') + 1) }));
}

/** Returns the make target of a RUN instruction. A `--mount` before `make` is ignored. */
export function targetOf({ text }: Instruction): string {
  const target = /^(?:--mount=\S+ )?make ([a-z-]+)$/.exec(text)?.[1];
  if (target === undefined) throw new Error(`this RUN is not a make target: ${text}`);
  return target;
}

/**
 * Runs the instructions of a stage in a folder, without a container engine. The stage `build` is replaced with this
 * repository, in which `make build` has run.
 *
 * @param folder the root of the image's file system
 */
export async function buildStage(stage: string, folder: string): Promise<void> {
  const [from, ...instructions] = instructionsOf(stage);
  const base = from?.text.split(' ', 1)[0] ?? '';
  if (!base.includes(':')) await buildStage(base, folder);
  let workdir = '/';
  const inherited = base.includes(':') ? [] : instructionsOf(base);
  for (const { keyword, text } of [...inherited, ...instructions]) if (keyword === 'WORKDIR') workdir = text;
  const cwd = join(folder, workdir);
  await mkdir(cwd, { recursive: true });
  for (const instruction of instructions) {
    if (instruction.keyword === 'COPY') await copy(instruction, { folder, workdir });
    if (instruction.keyword === 'RUN') await runTarget(targetOf(instruction), cwd);
  }
}

export async function runTarget(target: string, cwd: string): Promise<void> {
  await run('make', ['-f', join(repositoryRoot, 'Makefile'), target], { cwd, timeout: runDeadlineMs });
}

async function copy({ text }: Instruction, { folder, workdir }: { folder: string; workdir: string }): Promise<void> {
  const words = text.split(' ');
  const stage = words.find((word) => word.startsWith('--from='))?.slice('--from='.length);
  const paths = words.filter((word) => !word.startsWith('--'));
  const target = paths.pop() ?? '';
  const to = join(folder, resolve(workdir, target));
  if (stage !== undefined && stage !== 'build') {
    await buildStage(stage, `${folder}-${stage}`);
    await rename(join(`${folder}-${stage}`, paths[0] ?? ''), to);
    return;
  }
  for (const path of paths) {
    const from = join(repositoryRoot, stage === 'build' ? path.replace(/^\/app\//, '') : path);
    await mkdir(target.endsWith('/') ? to : dirname(to), { recursive: true });
    await run('cp', ['-R', from, to]);
  }
}
